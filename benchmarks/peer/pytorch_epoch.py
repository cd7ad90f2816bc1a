#!/usr/bin/env python3
"""Times an epoch of the default TTT-MLP network in PyTorch on the CPU, as a peer of ttt4rec's own training.

The same work as `./ttt4rec train --set model.type=ttt4rec`: one pre-norm block (TTT layer with an MLP as inner model in its dual
form, SwiGLU), cross-entropy over all items at every position, Adam, windows of at most --max-len items, batches of about
--batch-size cases whose windows have similar lengths. Arithmetic is that of TTT4Rec (arXiv 2409.19142) and Sun et al. 2024 (arXiv
2407.04620), written with batched matrix products over all sequences and heads at once; the inner mini-batches of a sequence follow
one another, as they must.

    python3 benchmarks/peer/pytorch_epoch.py --data amazon-video-games.csv.gz --split 3:2:5
    python3 benchmarks/peer/pytorch_epoch.py --self-test

--self-test compares the dual form with the primal one: token by token, with gradients of the inner loss by autograd.
Needs PyTorch 1.13 or later and nothing else.
"""

import argparse
import csv
import gzip
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("pytorch_epoch.py needs PyTorch: install the package torch, or Debian's python3-torch")

INNER_EPSILON = 1e-6


def gelu_slope(x):
    """First derivative of GELU in its tanh form."""
    t = torch.tanh(0.79788456 * x * (1 + 0.044715 * x * x))
    return 0.5 * x * (1 - t * t) * (0.79788456 + 0.1070322243 * x * x) + 0.5 * (1 + t)


def gelu(x):
    return F.gelu(x, approximate="tanh")


def layer_norm(x, gain, bias):
    return F.layer_norm(x, x.shape[-1:], eps=INNER_EPSILON) * gain + bias


def regression_gradient(z, target, gain, bias):
    """The gradient of ½‖LayerNorm(z) − target‖² with respect to z."""
    n = z.shape[-1]
    deviation = torch.sqrt(z.var(-1, unbiased=False, keepdim=True) + INNER_EPSILON)
    hat = (z - z.mean(-1, keepdim=True)) / deviation
    g = (gain * hat + bias - target) * gain
    return (n * g - g.sum(-1, keepdim=True) - hat * (g * hat).sum(-1, keepdim=True)) / (n * deviation)


class TttLayer(torch.nn.Module):
    def __init__(self, d, heads, mini_batch, base_lr, theta):
        super().__init__()
        f = d // heads
        self.heads, self.f, self.k, self.base_lr = heads, f, mini_batch, base_lr
        self.q, self.key, self.v, self.o = (torch.nn.Linear(d, d, bias=False) for _ in range(4))
        self.rate = torch.nn.Linear(d, heads)
        self.token_index = torch.nn.Parameter(torch.zeros(mini_batch))
        self.gain = torch.nn.Parameter(torch.ones(heads, 1, f))
        self.bias = torch.nn.Parameter(torch.zeros(heads, 1, f))
        self.w1 = torch.nn.Parameter(0.02 * torch.randn(heads, f, 4 * f))
        self.b1 = torch.nn.Parameter(torch.zeros(heads, 1, 4 * f))
        self.w2 = torch.nn.Parameter(0.02 * torch.randn(heads, 4 * f, f))
        self.b2 = torch.nn.Parameter(torch.zeros(heads, 1, f))
        self.post = torch.nn.LayerNorm(d, eps=1e-6)
        angles = torch.arange(mini_batch)[:, None] * theta ** (-torch.arange(0, f, 2) / f)
        self.register_buffer("cos", torch.cos(angles))
        self.register_buffer("sin", torch.sin(angles))

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.f).transpose(1, 2)

    def rotate(self, x):
        places = torch.arange(x.shape[2]) % self.k
        cos, sin = self.cos[places], self.sin[places]
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cos - odd * sin, odd * cos + even * sin), -1).flatten(-2)

    def inputs(self, x):
        rate = self.base_lr / self.f * torch.sigmoid(self.rate(x)).transpose(1, 2)
        scales = torch.clamp(1 / torch.arange(1, self.k + 1) + self.token_index, min=0)
        query, key, value = self.rotate(self.split(self.q(x))), self.rotate(self.split(self.key(x))), self.split(self.v(x))
        return query, key, value - key, rate, scales

    def dual(self, x):
        query, key, target, rate, scales = self.inputs(x)
        w1, b1, w2, b2 = self.w1, self.b1, self.w2, self.b2
        length, results = x.shape[1], []
        for start in range(0, length, self.k):
            n = min(self.k, length - start)
            part = slice(start, start + n)
            q, k, t, lr = query[:, :, part], key[:, :, part], target[:, :, part], rate[:, :, part]
            z1 = k @ w1 + b1
            hidden = gelu(z1)
            g2 = regression_gradient(hidden @ w2 + b2, t, self.gain, self.bias)
            g1 = (g2 @ w2.transpose(-1, -2)) * gelu_slope(z1)
            eta = torch.tril(scales[:n, None] * lr[:, :, None, :])
            query_hidden = gelu(q @ w1 + b1 - (eta * (q @ k.transpose(-1, -2)) + eta) @ g1)
            mix = eta * (query_hidden @ hidden.transpose(-1, -2)) + eta
            results.append(q + layer_norm(query_hidden @ w2 + b2 - mix @ g2, self.gain, self.bias))
            if start + n < length:
                step = scales[n - 1] * lr[..., None]
                w1, b1 = w1 - (step * k).transpose(-1, -2) @ g1, b1 - (step * g1).sum(-2, keepdim=True)
                w2, b2 = w2 - (step * hidden).transpose(-1, -2) @ g2, b2 - (step * g2).sum(-2, keepdim=True)
        return torch.cat(results, 2)

    def primal(self, x):
        """The definition: after each token the weights of its mini-batch's start minus the gradients so far."""
        query, key, target, rate, scales = self.inputs(x)
        start, sums, results = [w.detach() for w in (self.w1, self.b1, self.w2, self.b2)], None, []
        start = [w.expand(x.shape[0], *w.shape) for w in start]
        for t in range(x.shape[1]):
            place = t % self.k
            weights = [w.clone().requires_grad_() for w in start]
            output = gelu(key[:, :, t : t + 1] @ weights[0] + weights[1]) @ weights[2] + weights[3]
            loss = 0.5 * (layer_norm(output, self.gain, self.bias) - target[:, :, t : t + 1]).square().sum()
            gradients = [rate[:, :, t, None, None] * g for g in torch.autograd.grad(loss, weights, retain_graph=True)]
            sums = gradients if place == 0 else [s + g for s, g in zip(sums, gradients)]
            now = [w - scales[place] * s for w, s in zip(start, sums)]
            q = query[:, :, t : t + 1]
            results.append(q + layer_norm(gelu(q @ now[0] + now[1]) @ now[2] + now[3], self.gain, self.bias))
            if place == self.k - 1:
                start = [w.detach() for w in now]
        return torch.cat(results, 2)

    def forward(self, x):
        scanned = self.dual(x).transpose(1, 2).reshape(x.shape)
        return self.o(self.post(scanned))


class RmsNorm(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.gain = torch.nn.Parameter(torch.ones(d))

    def forward(self, x):
        return self.gain * x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


class Network(torch.nn.Module):
    def __init__(self, items, d=64, heads=4, intermediate=256, mini_batch=8, dropout=0.2):
        super().__init__()
        self.table = torch.nn.Embedding(items + 1, d, padding_idx=0)
        torch.nn.init.normal_(self.table.weight, std=0.02)
        self.norm = torch.nn.LayerNorm(d, eps=1e-12)
        self.dropout = torch.nn.Dropout(dropout)
        self.sequence_norm, self.feed_forward_norm, self.last_norm = RmsNorm(d), RmsNorm(d), RmsNorm(d)
        self.ttt = TttLayer(d, heads, mini_batch, 1.0, 1000)
        self.gate, self.up = (torch.nn.Linear(d, intermediate, bias=False) for _ in range(2))
        self.down = torch.nn.Linear(intermediate, d, bias=False)

    def forward(self, items):
        x = self.norm(self.dropout(self.table(items)))
        x = x + self.ttt(self.sequence_norm(x))
        y = self.feed_forward_norm(x)
        return self.last_norm(x + self.down(F.silu(self.gate(y)) * self.up(y)))

    def loss(self, items, targets):
        kept = targets > 0
        return F.cross_entropy(self(items)[kept] @ self.table.weight.t(), targets[kept])


def read(path, minimum):
    """Each user's items in the order of their times; users and items with fewer events leave until none is left to leave."""
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else open(path, encoding="utf-8", newline="")
    with opened as file:
        rows = csv.reader(file)
        next(rows)
        events = [(row[0], row[1], float(row[2])) for row in rows]
    while True:
        users, items = Counter(e[0] for e in events), Counter(e[1] for e in events)
        kept = [e for e in events if users[e[0]] >= minimum and items[e[1]] >= minimum]
        if len(kept) == len(events):
            break
        events = kept
    number, histories = {}, {}
    for user, item, _ in sorted(events, key=lambda e: e[2]):
        histories.setdefault(user, []).append(number.setdefault(item, len(number) + 1))
    return list(histories.values()), len(number)


def training_cases(cases, parts):
    """How many of a user's cases ttt4rec trains on with a split such as 3:2:5."""
    whole, (_, validation, test) = sum(parts), parts
    tests, validations = test * cases // whole, validation * cases // whole
    if cases - tests - validations > 1 and test > 0 and test * cases < whole:
        tests += 1
    if cases - tests - validations > 1 and validation > 0 and validation * cases < whole:
        validations += 1
    return cases - tests - validations


def windows(histories, max_len, parts):
    """Inputs and targets of each user's training cases, at most max_len at once."""
    for history in histories:
        cases = training_cases(len(history) - 1, parts)
        for start in range(0, cases, max_len):
            end = min(cases, start + max_len)
            yield history[start:end], history[start + 1 : end + 1]


def batches(all_windows, batch_size, shuffle):
    """Batches of windows of similar lengths, padded with zeros, in random order."""
    shuffle.shuffle(all_windows)
    ordered = sorted(all_windows, key=lambda w: len(w[0]))
    made, current, cases = [], [], 0
    for window in ordered:
        current.append(window)
        cases += len(window[0])
        if cases >= batch_size:
            made.append(current)
            current, cases = [], 0
    if current:
        made.append(current)
    shuffle.shuffle(made)
    for batch in made:
        length = max(len(w[0]) for w in batch)
        yield tuple(torch.tensor([w[side] + [0] * (length - len(w[side])) for w in batch]) for side in (0, 1))


def self_test():
    torch.manual_seed(1)
    layer = TttLayer(32, 2, 8, 1.0, 1000).double()
    for parameter in layer.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    x = torch.randn(3, 21, 32, dtype=torch.double)
    difference = (layer.dual(x) - layer.primal(x)).abs().max().item()
    print(f"largest difference between the dual and the primal form: {difference:.2e}")
    if not difference < 1e-9:
        sys.exit("the dual form is wrong")


def main():
    parser = argparse.ArgumentParser(description="Time an epoch of the TTT-MLP network in PyTorch on the CPU.")
    parser.add_argument("--data", help="CSV, also .gz, with a header and the columns user, item, time in this order")
    parser.add_argument("--split", default="8:1:1", help="shares of a user's cases; the first part is trained on (default: %(default)s)")
    parser.add_argument("--min-events", type=int, default=5, help="of each user and item (default: %(default)s)")
    parser.add_argument("--max-len", type=int, default=50, help="items of a window (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=2048, help="cases of a batch, about (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: one for each core")
    parser.add_argument("--epochs", type=int, default=2, help="of which the fastest counts (default: %(default)s)")
    parser.add_argument("--self-test", action="store_true", help="compare the dual form with the primal one, and end")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not options.data:
        parser.error("--data is missing")
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    shuffle = random.Random(1)
    histories, items = read(options.data, options.min_events)
    training = list(windows(histories, options.max_len, [int(part) for part in options.split.split(":")]))
    cases = sum(len(window[0]) for window in training)
    print(f"PyTorch {torch.__version__}, Python {platform.python_version()}, {options.threads} threads")
    print(f"{len(histories):,} users, {items:,} items, {cases:,} training cases")
    network = Network(items)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    times = []
    for epoch in range(1, options.epochs + 1):
        start, losses = time.perf_counter(), []
        for inputs, targets in batches(training, options.batch_size, shuffle):
            optimizer.zero_grad()
            loss = network.loss(inputs, targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        times.append(time.perf_counter() - start)
        print(f"epoch {epoch}: {times[-1]:.2f} s, {cases / times[-1]:,.0f} cases a second, loss {statistics.fmean(losses):.4f}", flush=True)
    print(f"fastest epoch: {min(times):.2f} s, {cases / min(times):,.0f} cases a second")


if __name__ == "__main__":
    main()
