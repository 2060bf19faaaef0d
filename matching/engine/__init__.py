"""Match technology needs with technologies: plain Python over numpy, scipy and scikit-learn.

Layers, upper ones import lower ones: ``evaluation`` → ``storage`` → ``index`` → ``selection`` → ``segment`` →
``reasons`` → ``columns``, ``vectors`` → ``scoring``, ``compatibility``, ``saving``, ``prior``, ``text`` → ``lexicon`` → ``model``, ``profiles``.
``prior_fit`` is only loaded by the command that fits the prior.
``postings`` (over ``zones``, and ``kernels``, which only a worker loads) stands beside ``vectors``. ``fitting`` stands beside ``vectors`` and is loaded only when something is fitted.
"""

ENGINE_VERSION = "1.2"
