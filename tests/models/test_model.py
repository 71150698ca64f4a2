"""A model as an object: answers known in closed form, units, and errors that name the thing."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nadflux as nf
from nadflux.errors import (
    ModelError,
    NadfluxError,
    PlanError,
    SimulationError,
    UnitError,
    UnknownNameError,
    ValueOutOfRangeError,
)
from nadflux.sbml.sensitivity import TimeSensitivity
from nadflux.sbml.table import NamedTable

DECAY = "S -> P; k*S; S = 8; P = 0; k = 0.5;"
CHAIN = "J0: -> A; v; J1: A -> B; k1*A; J2: B -> ; k2*B; v = 2; k1 = 0.5; k2 = 0.8; A = 0; B = 0;"
MICHAELIS = """
species A = 2, B = 0, $X = 5;
J0: X -> A; k0*X - kr*A; J1: A -> B; Vm*A/(Km + A)/(1 + B/Ki); J2: B -> ; k2*B;
k0 = 1; kr = 0.3; Km = 0.5; k2 = 0.7; Vm = 4; Ki = 2;
"""
CYCLE = """
J1: S + ATP -> P + ADP; k1*S*ATP; J2: ADP -> ATP; k2*ADP; J3: P -> S; k3*P;
S = 1; P = 1; ATP = 1; ADP = 3; k1 = 1; k2 = 1; k3 = 0.4;
"""
UNITS = """
model m()
  unit mg = 1e-3 gram; unit substance = mg; unit extent = mg; unit time_unit = 3600 second; unit per_h = 1/3600 second;
  compartment V = 10; V has litre; species C in V = 0; J: C -> ; V*k*C; k = 0.2; k has per_h;
end
"""


class TestLoad:
    def test_text_file_packed_file_and_archive_are_the_same_model(self, tmp_path: Path) -> None:
        model = nf.Model.load(DECAY)
        sbml = model.save(tmp_path / "m.xml")
        packed = tmp_path / "m.xml.gz"
        packed.write_bytes(gzip.compress(sbml.read_bytes()))
        archive = model.save(tmp_path / "m.omex")
        wanted = model.simulate([0, 1, 2])["S"]
        for source in (model.sbml(), model.antimony(), sbml, str(packed), archive):
            np.testing.assert_array_equal(nf.Model.load(source).simulate([0, 1, 2])["S"], wanted)

    def test_a_missing_file_is_named_with_the_nearest(self, tmp_path: Path) -> None:
        nf.Model.load(DECAY).save(tmp_path / "glycolysis.xml")
        with pytest.raises(ModelError, match=r"did you mean 'glycolysis\.xml'"):
            nf.Model.load(tmp_path / "glycolisis.xml")
        with pytest.raises(ModelError, match="folder"):
            nf.Model.load(tmp_path)

    def test_another_ending_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NadfluxError, match=r"\.omex"):
            nf.Model.load(DECAY).save(tmp_path / "m.txt")


class TestSet:
    def test_a_copy_is_changed(self) -> None:
        model = nf.Model.load(DECAY)
        faster = model.set(k=1.0, S=4)
        np.testing.assert_allclose(faster.simulate([0, 2])["S"], [4, 4 * np.exp(-2)], rtol=1e-5)
        np.testing.assert_allclose(model.simulate([0, 2])["S"], [8, 8 * np.exp(-1)], rtol=1e-5)

    def test_amount_concentration_and_size(self) -> None:
        model = nf.Model.load("compartment c = 2; species S in c = 3; J: S -> ; c*k*S; k = 0;")
        for given, wanted in (({"amount(S)": 8}, 4.0), ({"[S]": 5}, 5.0), ({"S": 5, "c": 4}, 5.0)):
            run = model.set(given).simulate([0, 1], select=["[S]", "amount(S)"])
            assert run["[S]"][0] == pytest.approx(wanted)

    def test_a_formula_at_the_start_gives_way(self) -> None:
        model = nf.Model.load("Vm = kcat*E; kcat = 2; E = 3; -> S; Vm; S = 0;")
        assert model.simulate([0, 1])["S"][1] == pytest.approx(6.0)
        assert model.set(E=4).simulate([0, 1])["S"][1] == pytest.approx(8.0)
        assert model.set(Vm=1).simulate([0, 1])["S"][1] == pytest.approx(1.0)

    def test_units_and_numbers_of_one_reaction(self) -> None:
        model = nf.Model.load(UNITS)
        assert model.set(k="0.01 1/min").network.parameters["k"].value == pytest.approx(0.6)
        assert model.set({"C": "2 mg/L"}).network.species["C"].concentration == 2.0

    @pytest.mark.parametrize(
        ("given", "kind", "said"),
        [
            ({"kk": 1.0}, UnknownNameError, "did you mean 'k'"),
            ({"[X]": 1.0}, UnknownNameError, "unknown species 'X'"),
            ({"k": float("nan")}, ValueOutOfRangeError, "finite"),
            ({"k": "3 uM"}, UnitError, "declares no unit for k"),
            ({"y": 1.0}, ModelError, "follows from a rule"),
            ({"default_compartment": 0.0}, ValueOutOfRangeError, "above 0"),
        ],
    )
    def test_refusals(self, given: dict[str, float | str], kind: type[Exception], said: str) -> None:
        with pytest.raises(kind, match=said):
            nf.Model.load(f"{DECAY} y := 2*S;").set(given)


class TestSteadyState:
    def test_linear_chain(self) -> None:
        state = nf.Model.load(CHAIN).steady_state()
        assert state["A"] == pytest.approx(4.0, rel=1e-12)
        assert state["B"] == pytest.approx(2.5, rel=1e-12)
        assert state["J2"] == pytest.approx(2.0, rel=1e-12)
        np.testing.assert_allclose(sorted(state.eigenvalues.real), [-0.8, -0.5])

    def test_michaelis_menten(self) -> None:
        """Inflow v into an enzyme of capacity Vm: S = Km v / (Vm - v)."""
        model = nf.Model.load("-> S; v; S -> ; Vm*S/(Km + S); v = 1; Vm = 3; Km = 0.5; S = 0;")
        assert model.steady_state()["S"] == pytest.approx(0.25, rel=1e-11)
        with pytest.raises(SimulationError, match="'S' still changes"):
            model.set(v=4).steady_state()

    def test_conserved_sums_hold(self) -> None:
        state = nf.Model.load(CYCLE).steady_state()
        assert state["S"] + state["P"] == pytest.approx(2.0)
        assert state["ATP"] + state["ADP"] == pytest.approx(4.0)
        assert state["J1"] == pytest.approx(state["J3"])

    def test_decay_to_nothing(self) -> None:
        state = nf.Model.load(DECAY).steady_state()
        assert abs(state["S"]) < 1e-8
        assert state["P"] == pytest.approx(8.0)

    def test_rate_rules(self) -> None:
        assert nf.Model.load("x' = a - b*x; x = 0; a = 3; b = 2;").steady_state()["x"] == pytest.approx(1.5)

    def test_an_oscillator_and_a_driven_model_are_refused(self) -> None:
        with pytest.raises(SimulationError, match="no steady state"):
            nf.Model.load("x' = y; y' = -x; x = 1; y = 0;").steady_state()
        with pytest.raises(ModelError, match="time itself"):
            nf.Model.load("x' = sin(time) - x; x = 0;").steady_state()


class TestAnalysis:
    def test_jacobian_of_a_chain(self) -> None:
        table = nf.Model.load(CHAIN).jacobian()
        np.testing.assert_array_equal(table.values, [[-0.5, 0.0], [0.5, -0.8]])
        assert table["B", "A"] == 0.5

    def test_jacobian_along_a_run(self) -> None:
        model = nf.Model.load("x' = -x^2; x = 1;")
        assert model.jacobian(1.0)["x", "x"] == pytest.approx(-1.0, rel=1e-7)  # x = 1 / (1 + t)
        with pytest.raises(UnknownNameError, match="did you mean 'start'"):
            model.jacobian("stat")

    def test_stoichiometry_and_moieties(self) -> None:
        model = nf.Model.load(CYCLE)
        np.testing.assert_array_equal(model.stoichiometry().values, [[-1, 0, 1], [-1, 1, 0], [1, 0, -1], [1, -1, 0]])
        found = model.moieties()
        assert set(found.rows) == {"S + P", "ATP + ADP"}
        assert found["ATP + ADP", "total"] == 4.0

    @pytest.mark.parametrize("text", [MICHAELIS, CYCLE, CHAIN])
    def test_summation_theorem(self, text: str) -> None:
        control = nf.Model.load(text).control_coefficients()
        np.testing.assert_allclose(control.fluxes.values.sum(axis=1), 1.0, rtol=1e-10)
        np.testing.assert_allclose(control.concentrations.values.sum(axis=1), 0.0, atol=1e-10)

    def test_connectivity_theorem(self) -> None:
        control = nf.Model.load(MICHAELIS).control_coefficients()
        np.testing.assert_allclose(control.fluxes.values @ control.elasticities.values, 0.0, atol=1e-10)
        np.testing.assert_allclose(control.concentrations.values @ control.elasticities.values, -np.eye(2), atol=1e-10)

    def test_control_of_a_rate_rule_is_refused(self) -> None:
        with pytest.raises(ModelError, match="rate rule"):
            nf.Model.load("x' = a - x; x = 0; a = 1;").control_coefficients()

    def test_response_at_steady_state(self) -> None:
        """S = Km v / (Vm - v): relative slopes 1 by Km, Vm / (Vm - v) by v and its negative by Vm."""
        model = nf.Model.load("-> S; v; S -> ; Vm*S/(Km + S); v = 1; Vm = 3; Km = 0.5; S = 0;")
        found = model.sensitivity()
        assert isinstance(found, NamedTable)
        for name, wanted in (("Km", 1.0), ("v", 1.5), ("Vm", -1.5)):
            assert found["S", name] == pytest.approx(wanted, rel=1e-9)

    def test_response_follows_formulas_at_the_start_and_totals(self) -> None:
        model = nf.Model.load(
            "Vm = kcat*E; kcat = 2; E = 3; -> S; Vm; S -> ; S; S = 0; A -> B; 2*A; B -> A; B; A = 3; B = 0;"
        )
        found = model.sensitivity(["kcat", "A"])
        assert isinstance(found, NamedTable)
        assert found["S", "kcat"] == pytest.approx(1.0)
        assert found["B", "A"] == pytest.approx(1.0)

    def test_sensitivity_over_time(self) -> None:
        """Logarithms: ln S = ln S0 - k t: relative slopes 1 by S0 and -k t by k."""
        times = np.array([0.5, 1.0, 3.0])
        found = nf.Model.load(DECAY).sensitivity(["k", "S"], [0, *times])
        assert isinstance(found, TimeSensitivity)
        np.testing.assert_allclose(found["S", "k"][1:], -0.5 * times, rtol=1e-5)
        np.testing.assert_allclose(found["S", "S"][1:], 1.0, rtol=1e-6)
        assert list(found.frame().columns)[:2] == ["number", "time"]

    def test_scan(self) -> None:
        model = nf.Model.load("-> S; v; S -> ; k*S; v = 1; k = 1; S = 0;")
        rest = model.scan({"v": [1, 2], "k": [1, 4]})
        np.testing.assert_allclose(rest["S"], [[1, 0.25], [2, 0.5]], rtol=1e-9)
        assert rest.data.sel(v=2, k=4, quantity="S") == pytest.approx(0.5)
        course = model.scan({"k": [1.0, 2.0]}, [0, 1])
        np.testing.assert_allclose(course["S"][:, 1], [1 - np.exp(-1), (1 - np.exp(-2)) / 2], rtol=1e-5)
        assert list(course.frame().columns) == ["k", "time", "S"]
        with pytest.raises(UnknownNameError, match="'kk'"):
            model.scan({"kk": [1]})


class TestDoses:
    def test_repeated_doses_add_up(self) -> None:
        run = nf.Model.load(UNITS).doses("C", "100 mg every 12 h for 2 days").simulate(np.linspace(0, 48, 25))
        left = np.exp(-0.2 * 12)
        assert run["C"][6 * 3] == pytest.approx(10 * (1 + left + left**2 + left**3), rel=1e-5)
        assert run["C"][24] == pytest.approx(10 * (left + left**2 + left**3 + left**4), rel=1e-5)
        assert run.names == ("C",)

    def test_infusion(self) -> None:
        run = nf.Model.load(UNITS).doses("C", "60 mg over 3 h once").simulate([0, 3, 5])
        high = 60 / 3 / 10 / 0.2 * (1 - np.exp(-0.6))
        np.testing.assert_allclose(run["C"], [0, high, high * np.exp(-0.4)], rtol=1e-5)

    def test_an_infusion_without_gap_is_constant(self) -> None:
        run = nf.Model.load(UNITS).doses("C", "24 mg over 12 h every 12 h for 4 days").simulate([0, 90])
        assert run["C"][1] == pytest.approx(1.0, rel=1e-5)

    def test_two_doses_at_one_time_are_both_given(self) -> None:
        model = nf.Model.load(UNITS).doses("C", "10 mg daily").doses("C", "20 mg every 12 h")
        assert model.simulate([0, 1])["C"][0] == pytest.approx(3.0)
        assert nf.Model.load(model.antimony()).simulate([0, 1])["C"][0] == pytest.approx(3.0)

    def test_without_end_and_later_phases(self) -> None:
        model = nf.Model.load(UNITS)
        assert model.doses("C", "10 mg daily").simulate([0, 2400])["C"][1] == pytest.approx(
            1 / (1 - np.exp(-4.8)), rel=1e-5
        )
        two = model.doses("C", "20 mg once then 10 mg daily for 2 days").simulate([0, 24, 48, 72])
        left = np.exp(-4.8)
        np.testing.assert_allclose(two["C"][:3], [2, 1 + 2 * left, 1 + left + 2 * left**2], rtol=1e-5)

    def test_units_of_model_and_molar_mass(self) -> None:
        model = nf.Model.load(UNITS.replace("1e-3 gram", "1e-3 mole"))
        dosed = model.doses("C", "100 mg once", molar_mass=50.0)
        assert dosed.simulate([0, 1])["C"][0] == pytest.approx(0.2)
        assert nf.Model.load(DECAY).doses("S", "3 every 2 h", time_unit="h").simulate([0, 1])["S"][0] == 11.0

    @pytest.mark.parametrize(
        ("text", "species", "sentence", "kind", "said"),
        [
            (UNITS, "D", "5 mg daily", UnknownNameError, "unknown species 'D'"),
            (UNITS, "C", "5 mmol daily", UnitError, "molar_mass"),
            (DECAY, "S", "5 mg daily", UnitError, "unit of time"),
            (UNITS, "C", "5 mg dayly", PlanError, "did you mean 'daily'"),
            (UNITS, "C", "4 % daily on 300 cm²", PlanError, "skin"),
        ],
    )
    def test_refusals(self, text: str, species: str, sentence: str, kind: type[Exception], said: str) -> None:
        with pytest.raises(kind, match=said):
            nf.Model.load(text).doses(species, sentence)


def test_fit_is_the_exact_posterior() -> None:
    """One rate constant from four values with an error of 5 %: sd(k) = 0.05 / sqrt(sum of t²)."""
    times = np.array([0.5, 1.0, 2.0, 4.0])
    data = pd.DataFrame({"time": times, "S": 8 * np.exp(-0.7 * times)})
    found = nf.Model.load(DECAY).fit(data, {"k": (0.1, 10)}, error=0.05, members=80, seed=1)
    width = 0.05 / np.sqrt((times**2).sum())
    assert np.median(found["k"]) == pytest.approx(0.7, abs=0.5 * width)
    assert np.std(found["k"]) == pytest.approx(width, rel=0.35)
    assert "k" in str(found)
    with pytest.raises(UnknownNameError, match="column 'time'"):
        nf.Model.load(DECAY).fit(data.rename(columns={"time": "t"}), {"k": (0.1, 1)})
    with pytest.raises(ValueOutOfRangeError, match="rising"):
        nf.Model.load(DECAY).fit(data, {"k": (1, 1)})


def test_results_show_themselves() -> None:
    model = nf.Model.load(UNITS)
    run = model.set(C=1).simulate([0, 1])
    assert "C (mg/L)" in str(run) and "<table" in run._repr_html_()
    assert run.plot().get_xlabel() == "time (h)"
    assert "mg/L" in str(model.set(C=1).quantities())
    assert run.data.sel(quantity="C", time=0.0) == 1.0
    assert "species" in repr(model)
