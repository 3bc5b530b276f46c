"""PyTorch's side of the detectors' training steps: the same layers, losses and shapes as src/core/nets."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def halved(x):
    return F.avg_pool2d(x, 2)


def doubled(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Unit(nn.Module):
    """3x3 convolution, group norm, ReLU."""

    def __init__(self, inputs, outputs, dilation=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.GroupNorm(8, outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class SegmentationUnet(nn.Module):
    def __init__(self, width, multiples=(1, 2, 3, 4)):
        super().__init__()
        widths = [m * width for m in multiples]
        pair = lambda a, b: nn.Sequential(Unit(a, b), Unit(b, b))
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([12, *widths], widths))
        self.up = nn.ModuleList(pair(a + b, b) for a, b in zip(widths[1:], widths))
        self.out = nn.Conv2d(widths[0], 4, 3, padding=1)

    def forward(self, x):
        h, skips = F.pixel_unshuffle(x, 2), []
        for level, block in enumerate(self.down):
            h = block(h if level == 0 else halved(h))
            skips.append(h)
        for block, skip in zip(reversed(self.up), reversed(skips[:-1])):
            h = block(torch.cat([doubled(h), skip], 1))
        return F.pixel_shuffle(self.out(h), 2)


def segmentation_loss(logits, mask):
    p = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, mask, reduction="none")
    focal = 10 * ((mask - p).abs() ** 2 * entropy).mean()
    return focal + 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)


def conv_block(inputs, outputs):
    layer = lambda a, b: [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU()]
    return nn.Sequential(*layer(inputs, outputs), *layer(outputs, outputs))


def up_block(inputs, outputs):
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
        nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Reconstructive(nn.Module):
    def __init__(self, base):
        super().__init__()
        widths = [base * m for m in (1, 2, 4, 8, 8)]
        self.block = nn.ModuleList(conv_block(a, b) for a, b in zip([3, *widths], widths))
        self.up, self.db = nn.ModuleList(), nn.ModuleList()
        width = widths[-1]
        for at in range(4, 0, -1):
            outer = widths[at - 2] if at > 1 else base
            layers = list(conv_block(width, width))
            layers[3:] = list(conv_block(width, outer))[:3]
            self.up.append(up_block(width, width))
            self.db.append(nn.Sequential(*layers))
            width = outer
        self.out = nn.Conv2d(base, 3, 3, padding=1)

    def forward(self, x):
        for i, block in enumerate(self.block):
            x = block(x if i == 0 else F.max_pool2d(x, 2))
        for up, db in zip(self.up, self.db):
            x = db(up(x))
        return self.out(x)


class Discriminative(nn.Module):
    def __init__(self, base):
        super().__init__()
        widths = [base * m for m in (1, 2, 4, 8, 8, 8)]
        self.block = nn.ModuleList(conv_block(a, b) for a, b in zip([6, *widths], widths))
        self.up, self.db = nn.ModuleList(), nn.ModuleList()
        width = widths[-1]
        for at in range(4, -1, -1):
            outer = widths[at - 1] if at > 0 else base
            self.up.append(up_block(width, outer))
            self.db.append(conv_block(outer + widths[at], outer))
            width = outer
        self.out = nn.Conv2d(base, 2, 3, padding=1)

    def forward(self, x):
        skips = []
        for i, block in enumerate(self.block):
            x = block(x if i == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        for up, db, skip in zip(self.up, self.db, reversed(skips[:-1])):
            x = db(torch.cat([up(x), skip], 1))
        return self.out(x)


class Draem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.reconstructive, self.discriminative = Reconstructive(width), Discriminative(width)

    def forward(self, x):
        made = self.reconstructive(x)
        return made, self.discriminative(torch.cat([made, x], 1))


def ssim(x, y):
    line = torch.exp(-((torch.arange(11.0) - 5) ** 2) / (2 * 1.5**2))
    window = torch.outer(line, line)
    window = (window / window.sum()).expand(3, 1, 11, 11)
    blur = lambda v: F.conv2d(v, window, padding=5, groups=3)
    mx, my = blur(x), blur(y)
    vx, vy, vxy = blur(x * x) - mx**2, blur(y * y) - my**2, blur(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    return (((2 * mx * my + c1) * (2 * vxy + c2)) / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean()


def draem_loss(output, clean, mask):
    made, logits = output
    p = torch.softmax(logits, 1)
    pt = (p[:, 1:] * mask + p[:, :1] * (1 - mask)).clamp(1e-5, 1)
    focal = -((1 - pt) ** 2 * pt.log()).mean()
    return F.mse_loss(made, clean) + 1 - ssim(made, clean) + focal


class Student(nn.Module):
    def __init__(self, w, teacher):
        super().__init__()
        widths = [2 * w, 4 * w, 4 * w]
        pair = lambda a, b: nn.Sequential(Unit(a, b), Unit(b, b))
        self.stem = Unit(12, w)
        self.encoder = nn.ModuleList(pair(a, b) for a, b in zip([w, *widths], widths))
        self.bottleneck = Unit(4 * w, 4 * w)
        self.decoder = nn.ModuleList(pair(a, b) for a, b in zip([4 * w, 4 * w, 4 * w], reversed(widths)))
        self.outs = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in zip(reversed(widths), reversed(teacher)))

    def forward(self, x):
        h = self.stem(F.pixel_unshuffle(x, 2))
        for block in self.encoder:
            h = block(halved(h))
        h, found = self.bottleneck(halved(h)), []
        for block, out in zip(self.decoder, self.outs):
            h = block(doubled(h))
            found.insert(0, out(h))
        return found


class Head(nn.Module):
    def __init__(self, w, channels):
        super().__init__()
        inner = 4 * w
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"shortcut": nn.Conv2d(a, inner, 1), "body": nn.Sequential(Unit(a, inner), Unit(inner, inner))})
            for a in (channels, inner)
        )
        self.pool, self.point = nn.Conv2d(inner, w, 1), nn.Conv2d(inner, w, 1)
        self.atrous = nn.ModuleList(Unit(inner, w, d) for d in (1, 6, 12, 18))
        self.join, self.out = Unit(6 * w, inner), nn.Conv2d(inner, 1, 1)

    def forward(self, h):
        for block in self.blocks:
            h = block["shortcut"](h) + block["body"](h)
        pooled = F.relu(self.pool(h.mean((2, 3), keepdim=True))).expand(-1, -1, *h.shape[2:])
        maps = [F.relu(self.point(h)), *(unit(h) for unit in self.atrous), pooled]
        return self.out(self.join(torch.cat(maps, 1)))


class Destseg(nn.Module):
    def __init__(self, width, teacher_channels):
        super().__init__()
        self.student = Student(width, teacher_channels)
        self.head = Head(width, sum(teacher_channels))


class Teacher(nn.Module):
    """The pack's encoder, and the first half of its denoiser."""

    def __init__(self, unet, block):
        super().__init__()
        from diffusers import UNet2DConditionModel

        conv = nn.Conv2d
        self.at_half = nn.Sequential(conv(12, 48, 3, padding=1), block(48))
        self.at_quarter = nn.Sequential(conv(48, 96, 3, stride=2, padding=1), block(96))
        self.to_latent = nn.Sequential(nn.GroupNorm(8, 96), nn.SiLU(), conv(96, 8, 3, padding=1))
        self.unet = UNet2DConditionModel.from_config(unet)

    @torch.no_grad()
    def forward(self, image):
        quarter = self.at_quarter(self.at_half(F.pixel_unshuffle(2 * image - 1, 2)))
        latent = self.to_latent(quarter)[:, :4]
        n, _, h, w = latent.shape
        sample = torch.cat([latent, latent, torch.zeros(n, 16, h, w)], 1)
        context = torch.zeros(n, 8, 128)
        unet = self.unet
        time = unet.time_embedding(unet.time_proj(torch.zeros(n)))
        h, found = unet.conv_in(sample), [quarter]
        h, _ = unet.down_blocks[0](h, time)
        found.append(unet.down_blocks[1].resnets[0](h, time))
        h, _ = unet.down_blocks[1](h, time, encoder_hidden_states=context)
        found.append(unet.down_blocks[2].resnets[0](h, time))
        return found


def cosine_distance(x, y):
    return 1 - F.cosine_similarity(x, y, 1)


def destseg_loss(model, teacher, image, clean, mask):
    seen, wanted = teacher(image), teacher(clean)
    student = model.student(image)
    first = sum(cosine_distance(s, t).mean() for s, t in zip(student, wanted))
    size = seen[0].shape[2:]
    unit = lambda f: F.normalize(f, dim=1)
    products = [unit(t) * unit(s.detach()) for t, s in zip(seen, student)]
    fused = torch.cat([F.interpolate(f, size, mode="bilinear") for f in products], 1)
    logits = model.head(fused)
    target = (F.avg_pool2d(mask, mask.shape[2] // size[0]) >= 0.25).float()
    miss = (target - torch.sigmoid(logits)).abs()
    focal = (miss**4 * F.binary_cross_entropy_with_logits(logits, target, reduction="none")).mean()
    return 0.5 * first + 0.5 * (focal + miss.mean())


def detector_step(case, memory_format, block):
    """One update on the whole batch: loss, gradients, clipping, AdamW, moving average."""
    torch.manual_seed(0)
    kind, width = case["detector"], case["width"]
    shape = (case["batch"], 3, case["side"], case["side"])
    image, clean = (torch.rand(shape).to(memory_format=memory_format) for _ in range(2))
    mask = (torch.rand(shape[0], 1, *shape[2:]) > 0.9).float()
    if kind == "unet":
        model = SegmentationUnet(width)
        loss_of = lambda: segmentation_loss(model(4 * (image - 0.5)), mask)
    elif kind == "draem":
        model = Draem(width)
        loss_of = lambda: draem_loss(model(image), clean, mask)
    else:
        model = Destseg(width, (96, 96, 144))
        teacher = Teacher(case["unet"], block).to(memory_format=memory_format).eval()
        loss_of = lambda: destseg_loss(model, teacher, image, clean, mask)
    model = model.to(memory_format=memory_format).train()
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01, fused=True)
    average = [p.detach().clone() for p in parameters]

    def run():
        loss = loss_of()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 0.02)
        return loss.item()

    run.parameters = sum(p.numel() for p in parameters)
    return run
