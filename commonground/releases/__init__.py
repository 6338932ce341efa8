"""The register of everything ever released: the exact bytes of each release, its hash, and when it reached whom."""
