"""Views of results for notebooks: tables in HTML with small figures, and tables for pandas."""
