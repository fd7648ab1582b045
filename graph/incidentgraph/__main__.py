"""`python -m incidentgraph` is the command `incidentgraph`."""

from incidentgraph.cli import main

if __name__ == "__main__":
    main()
