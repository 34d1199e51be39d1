"""Gates: what a clip is tested for before it is kept. The table is in ``synth.gates.table``."""
