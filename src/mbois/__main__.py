"""`python -m mbois`."""

from mbois.cli import main

raise SystemExit(main())
