"""Functions: who may call them, how much they may use, and where their code comes from."""

SUBJECTS = (
    "Function",
    "FunctionSource",
    "FissionPackage",
    "KnativeService",
    "KubelessFunction",
    "OpenFaasFunction",
)
