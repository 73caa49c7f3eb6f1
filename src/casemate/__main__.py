"""`python -m casemate`."""

from casemate.cli.start import main

if __name__ == "__main__":
    main()
