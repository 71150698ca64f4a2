/* CVODE with KLU and the analytic Jacobian: one person from stop to stop, with the machine code of nadflux's equations. */

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

typedef void (*Kernel)(double *, double *, double *, double *, double *, double *, double *, double *);

typedef struct {
    Kernel slopes, linearise;
    double *time, *hoisted, *inputs, *scratch, *slope, *entries, *time_slope, *work;
    long states, known, stored;           /* states; entries of the Jacobian; the same with the whole diagonal */
    const long *row_start, *column, *place; /* CSR pattern of the stored ones; where each known entry belongs */
} Model;

typedef struct {
    long count;
    const double *time;
    const long *kind, *target;
    const double *value;
} Events;

static int slopes(double t, N_Vector y, N_Vector dy, void *user) {
    Model *m = user;
    *m->time = t;
    m->slopes(m->time, N_VGetArrayPointer(y), m->hoisted, m->inputs, m->scratch, N_VGetArrayPointer(dy), m->work, m->work);
    return 0;
}

static int jacobian(double t, N_Vector y, N_Vector dy, SUNMatrix matrix, void *user, N_Vector a, N_Vector b, N_Vector c) {
    Model *m = user;
    double *data = SUNSparseMatrix_Data(matrix);
    sunindextype *starts = SUNSparseMatrix_IndexPointers(matrix), *columns = SUNSparseMatrix_IndexValues(matrix);
    (void)dy, (void)a, (void)b, (void)c;
    *m->time = t;
    m->linearise(m->time, N_VGetArrayPointer(y), m->hoisted, m->inputs, m->scratch, m->slope, m->entries, m->time_slope);
    for (long k = 0; k <= m->states; k++) starts[k] = m->row_start[k];
    for (long k = 0; k < m->stored; k++) columns[k] = m->column[k];
    memset(data, 0, sizeof(double) * m->stored);
    for (long k = 0; k < m->known; k++) data[m->place[k]] = m->entries[k];
    return 0;
}

/* Integrates from `t` to `end`; stores the state at `count` times, just before events there; returns CVODE's flag. */
int integrate(Model *m, double t, double end, double rtol, const double *atol, long count, const double *times,
              const Events *events, double *state, double *out, long *steps) {
    SUNContext context;
    SUNContext_Create(NULL, &context);
    sunindextype n = m->states;
    N_Vector y = N_VMake_Serial(n, state, context), tolerances = N_VMake_Serial(n, (double *)atol, context);
    SUNMatrix matrix = SUNSparseMatrix(n, n, m->stored, CSR_MAT, context);
    SUNLinearSolver solver = SUNLinSol_KLU(y, matrix, context);
    void *cvode = CVodeCreate(CV_BDF, context);
    CVodeInit(cvode, slopes, t, y);
    CVodeSetUserData(cvode, m);
    CVodeSVtolerances(cvode, rtol, tolerances);
    CVodeSetLinearSolver(cvode, solver, matrix);
    CVodeSetJacFn(cvode, jacobian);
    CVodeSetMaxNumSteps(cvode, 1000000);
    long event = 0, row = 0, part = 0;
    int flag = 0;
    *steps = 0;
    while (flag >= 0 && t < end) {
        int changed = 0;
        for (; row < count && times[row] <= t; row++) memcpy(out + row * n, state, sizeof(double) * n);
        for (; event < events->count && events->time[event] <= t; event++, changed = 1) {
            if (events->kind[event] == 0) state[events->target[event]] += events->value[event];
            if (events->kind[event] == 1) m->inputs[events->target[event]] = events->value[event];
        }
        if (changed) {
            CVodeGetNumSteps(cvode, &part);
            *steps += part;
            CVodeReInit(cvode, t, y);
        }
        double stop = event < events->count && events->time[event] < end ? events->time[event] : end;
        CVodeSetStopTime(cvode, stop);
        while (flag >= 0 && t < stop) {
            double wanted = row < count && times[row] < stop ? times[row] : stop;
            flag = CVode(cvode, wanted, y, &t, CV_NORMAL);
            for (; flag >= 0 && row < count && times[row] <= t; row++) memcpy(out + row * n, state, sizeof(double) * n);
        }
    }
    CVodeGetNumSteps(cvode, &part);
    *steps += part;
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(tolerances);
    N_VDestroy(y);
    SUNContext_Free(&context);
    return flag;
}
