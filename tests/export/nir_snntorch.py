"""Spike counts of the form for snnTorch: as snnTorch runs it, and as its nodes say."""
import json
import sys

import nir
import numpy as np
import torch
from nir_nodes import simulate_form
from snntorch.import_nir import import_from_nir

trial = json.load(sys.stdin)
path, u, n = trial["path"], np.array(trial["u"]), 50
steps = n * (u.shape[1] - 1)
network, state, counts = import_from_nir(nir.read(path)), None, 0
columns = torch.tensor(u[:, np.arange(steps) // n].T).float()
with torch.no_grad():
    for column in columns:
        spikes, state = network(column[None], state)
        counts = counts + spikes
print(json.dumps({"snntorch": counts.flatten().tolist(), "nodes": simulate_form(path, u, n, steps)}))
