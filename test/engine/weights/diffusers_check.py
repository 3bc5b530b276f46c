"""Loads with diffusers what the tests wrote; the outputs go into one safetensors file.

usage: diffusers_check.py JOB.json, with pack (folder), inputs (safetensors), out, loras {name: file},
embeddings {name: {file, token, prompt}}, unets {name: folder}, saveLora (file to write)
"""
import json
import sys

import torch
from diffusers import StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import load_file, save_file

torch.set_num_threads(1)
job = json.load(open(sys.argv[1]))
inputs = load_file(job["inputs"])
results, notes = {}, {}


def pipeline():
    return StableDiffusionPipeline.from_pretrained(job["pack"], safety_checker=None)


@torch.no_grad()
def predict(unet):
    return unet(inputs["sample"], inputs["timestep"], encoder_hidden_states=inputs["context"]).sample.contiguous()


@torch.no_grad()
def embed(pipe, prompt):
    return pipe.encode_prompt(prompt, "cpu", 1, False)[0].contiguous()


def merge_by_hand(unet, file):
    """W + alpha / r * up down, for where diffusers has no PEFT."""
    state, weights = load_file(file), dict(unet.named_parameters())
    flat = {name[: -len(".weight")].replace(".", "_"): name for name in weights if name.endswith(".weight")}
    for key, down in state.items():
        if key.endswith(".lora_A.weight") and key.startswith("unet."):
            base = key[len("unet.") : -len(".lora_A.weight")]
            target, up, alpha = base + ".weight", state[f"unet.{base}.lora_B.weight"], down.shape[0]
        elif key.endswith(".lora_down.weight") and key.startswith("lora_unet_"):
            base = key[: -len(".lora_down.weight")]
            target, up, alpha = flat[base[len("lora_unet_") :]], state[base + ".lora_up.weight"], float(state[base + ".alpha"])
        else:
            continue
        w = weights[target]
        w.data += (up.flatten(1) @ down.flatten(1)).reshape(w.shape) * (alpha / down.shape[0])


results["base"] = predict(pipeline().unet)
for name, file in job.get("loras", {}).items():
    pipe = pipeline()
    try:
        pipe.load_lora_weights(file)
        results[f"lora.{name}.text"] = embed(pipe, "a defect on")
        notes[name] = "peft"
    except ValueError as error:
        if "PEFT" not in str(error):
            raise
        merge_by_hand(pipe.unet, file)
        notes[name] = "by hand"
    results[f"lora.{name}"] = predict(pipe.unet)
for name, entry in job.get("embeddings", {}).items():
    pipe = pipeline()
    pipe.load_textual_inversion(entry["file"], token=entry["token"])
    results[f"embedding.{name}"] = embed(pipe, entry["prompt"])
for name, folder in job.get("unets", {}).items():
    results[f"unet.{name}"] = predict(UNet2DConditionModel.from_pretrained(folder, subfolder="unet"))
if job.get("saveLora") and "peft" in notes.values():
    from diffusers.training_utils import _collate_lora_metadata
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    pipe = pipeline()
    torch.manual_seed(0)
    pipe.unet.add_adapter(LoraConfig(r=2, lora_alpha=4, init_lora_weights=False, target_modules=["to_q", "to_out.0", "conv1"]))
    StableDiffusionPipeline.save_lora_weights(
        job["saveLora"], unet_lora_layers=get_peft_model_state_dict(pipe.unet), **_collate_lora_metadata({"unet": pipe.unet})
    )
    results["saved"] = predict(pipe.unet)
save_file(results, job["out"], metadata={k: str(v) for k, v in notes.items()})
