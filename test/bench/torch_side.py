"""The other side of npm run bench: PyTorch and diffusers, the same work on the same shapes, told what to do line by line.

A request is one JSON object a line: {"do": "prepare", "case": {...}} or {"do": "run"}. An answer is one as well.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

from torch_detectors import detector_step


def autoencoder_block(channels):
    class Block(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1 = torch.nn.GroupNorm(8, channels)
            self.conv1 = torch.nn.Conv2d(channels, channels, 3, padding=1)
            self.norm2 = torch.nn.GroupNorm(8, channels)
            self.conv2 = torch.nn.Conv2d(channels, channels, 3, padding=1)

        def forward(self, x):
            h = self.conv1(F.silu(self.norm1(x)))
            return x + self.conv2(F.silu(self.norm2(h)))

    return Block()


class PackDecoder(torch.nn.Module):
    """The embedded pack's decoder: 4 x 32 x 32 latents to 3 x 128 x 128 pictures."""

    def __init__(self):
        super().__init__()
        conv = torch.nn.Conv2d
        self.body = torch.nn.Sequential(
            conv(4, 96, 3, padding=1),
            autoencoder_block(96),
            autoencoder_block(96),
            torch.nn.Upsample(scale_factor=2, mode="nearest"),
            conv(96, 48, 3, padding=1),
            autoencoder_block(48),
            autoencoder_block(48),
            torch.nn.GroupNorm(8, 48),
            torch.nn.SiLU(),
            conv(48, 12, 3, padding=1),
            torch.nn.PixelShuffle(2),
        )

    def forward(self, z):
        return self.body(z)


def unet_of(case):
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    return UNet2DConditionModel.from_config(case["unet"])


def inputs_of(case, memory_format):
    n, side = case["batch"], case["side"]
    channels, width = case["unet"]["in_channels"], case["unet"]["cross_attention_dim"]
    sample = torch.randn(n, channels, side, side).to(memory_format=memory_format)
    context = torch.randn(n, case["tokens"], width)
    target = torch.randn(n, case["unet"]["out_channels"], side, side)
    weight = torch.ones(n, 1, side, side)
    return sample, torch.full((n,), 500), context, target, weight


def train_step(case, memory_format, compiled=False):
    model = unet_of(case).to(memory_format=memory_format)
    forward = torch.compile(model) if compiled else model
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=8e-4, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    average = [p.detach().clone() for p in parameters]
    sample, timestep, context, target, weight = inputs_of(case, memory_format)

    def run():
        out = forward(sample, timestep, context).sample
        loss = (weight * (out - target) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 0.001)
        return float(loss)

    return run


def generate(case, memory_format):
    from diffusers import AutoencoderKL, DPMSolverMultistepScheduler

    model = unet_of(case).to(memory_format=memory_format).eval()
    scheduler = DPMSolverMultistepScheduler.from_config(case["scheduler"])
    decoder = PackDecoder() if case["vae"] is None else AutoencoderKL.from_config(case["vae"])
    decoder = decoder.to(memory_format=memory_format).eval()
    sample, _, context, target, _ = inputs_of(case, memory_format)
    extra = sample[:, target.shape[1]:]

    def run():
        with torch.inference_mode():
            scheduler.set_timesteps(case["steps"])
            x = target.clone()
            for t in scheduler.timesteps:
                out = model(torch.cat([x, extra], 1), t, context).sample
                x = scheduler.step(out, t, x).prev_sample
            image = decoder(x) if case["vae"] is None else decoder.decode(x).sample
            return float(image.mean())

    return run


def op(case, memory_format):
    tensors = [torch.randn(s, requires_grad=True) for s in case["shapes"]]
    if len(case["shapes"][0]) == 4:
        tensors[0] = tensors[0].detach().to(memory_format=memory_format).requires_grad_()
    kind = case["op"]

    def forward():
        x, *rest = tensors
        if kind == "conv3x3":
            return F.conv2d(x, rest[0], padding=1)
        if kind == "linear":
            return F.linear(x, rest[0])
        if kind == "attention":
            return F.scaled_dot_product_attention(x, *rest)
        if kind == "group_norm_silu":
            return F.silu(F.group_norm(x, 8, *rest))
        raise ValueError(kind)

    upstream = torch.randn_like(forward())

    def run():
        for t in tensors:
            t.grad = None
        forward().backward(upstream)
        return 0.0

    return run


def detector(case, memory_format):
    return detector_step(case, memory_format, autoencoder_block)


MAKERS = {"train_step": train_step, "generate": generate, "op": op, "detector_step": detector}
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "prepare":
                run = None
                case = request["case"]
                options = {"compiled": True} if request.get("compiled") else {}
                run = MAKERS[case["kind"]](case, FORMATS[request["format"]], **options)
                answer = {"torch": torch.__version__}
            else:
                start = time.perf_counter()
                run()
                answer = {"ms": 1000 * (time.perf_counter() - start)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
