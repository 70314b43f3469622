/** What to cite, from what was used. */
import { neuronModels } from "../../network/neurons.ts";
import type { Model } from "../../network/records.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import { version } from "../../version.ts";

/** One entry of a list of references. */
export interface Citation {
  /** What it is cited for. */
  readonly why: string;
  /** The reference, as it is printed. */
  readonly text: string;
  /** The reference for BibTeX. */
  readonly bibtex: string;
}

const framework: Citation = {
  why: "the training under Dale’s principle and the mapping to spikes",
  text: "Kim R, Li Y, Sejnowski TJ (2019). Simple framework for constructing " +
    "functional spiking recurrent neural networks. PNAS 116(45):22811–22820. " +
    "doi:10.1073/pnas.1905926116",
  bibtex: `@article{kim2019simple,
  author = {Kim, Robert and Li, Yinghao and Sejnowski, Terrence J.},
  title = {Simple framework for constructing functional spiking recurrent neural networks},
  journal = {Proceedings of the National Academy of Sciences},
  year = {2019}, volume = {116}, number = {45}, pages = {22811--22820},
  doi = {10.1073/pnas.1905926116}
}`,
};

const adam: Citation = {
  why: "the optimiser",
  text: "Kingma DP, Ba J (2015). Adam: a method for stochastic optimization. " +
    "International Conference on Learning Representations. arXiv:1412.6980",
  bibtex: `@inproceedings{kingma2015adam,
  author = {Kingma, Diederik P. and Ba, Jimmy},
  title = {Adam: a method for stochastic optimization},
  booktitle = {International Conference on Learning Representations},
  year = {2015}, eprint = {1412.6980}, archiveprefix = {arXiv}
}`,
};

const mante: Citation = {
  why: "the task",
  text:
    "Mante V, Sussillo D, Shenoy KV, Newsome WT (2013). Context-dependent " +
    "computation by recurrent dynamics in prefrontal cortex. Nature 503:78–84. " +
    "doi:10.1038/nature12742",
  bibtex: `@article{mante2013context,
  author = {Mante, Valerio and Sussillo, David and Shenoy, Krishna V. and Newsome, William T.},
  title = {Context-dependent computation by recurrent dynamics in prefrontal cortex},
  journal = {Nature}, year = {2013}, volume = {503}, pages = {78--84},
  doi = {10.1038/nature12742}
}`,
};

const wilson: Citation = {
  why: "the intervals of performances",
  text: "Wilson EB (1927). Probable inference, the law of succession, and " +
    "statistical inference. Journal of the American Statistical Association " +
    "22(158):209–212. doi:10.1080/01621459.1927.10502953",
  bibtex: `@article{wilson1927probable,
  author = {Wilson, Edwin B.},
  title = {Probable inference, the law of succession, and statistical inference},
  journal = {Journal of the American Statistical Association},
  year = {1927}, volume = {22}, number = {158}, pages = {209--212},
  doi = {10.1080/01621459.1927.10502953}
}`,
};

/** This program, in the version that made the network. */
function program(used: string): Citation {
  return {
    why: "the program",
    text: `spikernn, version ${used}.`,
    bibtex: `@software{spikernn,
  title = {spikernn},
  version = {${used}}
}`,
  };
}

/**
 * What to cite for a model and what was done with it.
 *
 * @param model what was trained
 * @param spiking its spiking twin, if there is one
 * @param evaluated whether performances with intervals are reported
 */
export function citations(
  model: Model,
  spiking: SpikingNetwork | undefined,
  evaluated: boolean,
): Citation[] {
  const source = spiking && neuronModels[spiking.neuron.name].source;
  return [
    framework,
    program(model.provenance?.version ?? version),
    ...(model.task?.name === "mante" && !model.task.fingerprint ? [mante] : []),
    ...(model.training ? [adam] : []),
    ...(source ? [source] : []),
    ...(evaluated ? [wilson] : []),
  ];
}
