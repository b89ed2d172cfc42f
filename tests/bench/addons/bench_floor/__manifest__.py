{
    "name": "Floor of the benchmark",
    "summary": "A request with one committed INSERT, the least that taking a lead can cost",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "The Sales Board authors",
    "depends": ["base"],
    "installable": False,
}
