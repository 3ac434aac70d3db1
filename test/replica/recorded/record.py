"""Records what the real server's own code makes of the inputs beside this file.

Needs the Python package horde_model_reference on the path (https://github.com/Haidra-Org/horde-model-reference) with
what it needs. Every input is made up here, from a fixed seed. Run it by hand and look at the difference:

    python3 test/replica/recorded/record.py && npx biome check --write test/replica/recorded
"""

import csv
import io
import json
import random
import tempfile
from pathlib import Path

from horde_model_reference.analytics.text_model_parser import (
    compute_group_summaries,
    get_base_model_name,
    infer_name_format,
    parse_text_model_name,
)
from horde_model_reference.legacy.convert_all_legacy_dbs import convert_legacy_database_by_category
from horde_model_reference.legacy.text_csv_utils import csv_rows_to_legacy_dict, parse_legacy_text_csv
from horde_model_reference.meta_consts import MODEL_REFERENCE_CATEGORY as CATEGORY
from horde_model_reference.model_reference_records import MODEL_RECORD_TYPE_LOOKUP
from horde_model_reference.query import (
    build_controlnet_query,
    build_cross_category_query,
    build_image_query,
    build_query,
    build_text_query,
)
from horde_model_reference.service.v2.routers.search import search_all, search_category

HERE = Path(__file__).parent
SUM = "0123456789abcdef" * 4
rng = random.Random(20261128)

COLUMNS = "name,parameters_bn,display_name,url,baseline,description,style,tags,instruct_format,settings".split(",")
GENERIC = ["blip", "clip", "codeformer", "controlnet", "esrgan", "gfpgan", "safety_checker", "miscellaneous"]
LEGACY_FILES = {"image_generation": "stable_diffusion.json", "text_generation": "models.csv"}
V2_FILES = {"image_generation": "stable_diffusion.json"}


def convert(category, content):
    """The v2 records by name, or None where the converter refuses the file."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "legacy").mkdir()
        (base / "legacy" / LEGACY_FILES.get(category, f"{category}.json")).write_bytes(content.encode())
        try:
            is_done = convert_legacy_database_by_category(CATEGORY(category), legacy_path=base, target_path=base)
        except Exception:
            is_done = False
        if not is_done:
            return None
        return json.loads((base / V2_FILES.get(category, f"{category}.json")).read_text())


def line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def maybe(value, odds=0.5):
    return {} if rng.random() > odds else value


def file_entry(name):
    return {
        "path": name,
        **maybe({"sha256sum": rng.choice([SUM, SUM, None, "", "short"])}, 0.9),
        **maybe({"md5sum": rng.choice(["d" * 32, None])}, 0.2),
        **maybe({"file_type": rng.choice(["vae", "text_encoders", "unet", None])}, 0.4),
        **maybe({"content_hash": rng.choice(["c" * 64, "c1", None, ""])}, 0.4),
        **maybe({"extra": 1}, 0.1),
    }


def config():
    names = rng.sample(["a.ckpt", "b.safetensors", "v1.yaml", "civitai-x.ckpt", "c.json", "CivitAI.pt", "a.ckpt"], 3)
    names = names[: rng.randint(0, 3)]
    known = [name for name in names if "yaml" not in name]
    download = [
        {"file_name": name, "file_path": rng.choice(["", "", "x", None]), "file_url": rng.choice(["https://h/x", "", None])}
        for name in known
        if rng.random() < 0.9
    ]
    if rng.random() < 0.05:
        download.append({"file_name": "unknown.ckpt", "file_url": "https://h/u"})
    return {
        "files": [file_entry(name) for name in names],
        "download": download,
        **maybe({"embedded_component_hashes": rng.choice([{"vae": "e1", "text_encoders": "e2"}, {}, None])}, 0.2),
    }


def common(name, kinds):
    return {
        "name": name,
        **maybe({"type": rng.choice(kinds)}, 0.9),
        **maybe({"description": rng.choice(["Text — “q” \"é\" 😀", "", None, "line\nbreak \t\\ / \u007f"])}, 0.7),
        **maybe({"version": rng.choice(["1.0", "", None])}, 0.7),
        **maybe({"style": rng.choice(["generalist", "realistic", " anime ", None, "control_canny"])}, 0.4),
        **maybe({"nsfw": rng.choice([True, False, None, 0, 1, "yes", "off", 1.0])}, 0.5),
        **maybe({"download_all": rng.choice([True, False, None, "true"])}, 0.5),
        **maybe({"available": rng.choice([True, False, None])}, 0.4),
        **maybe({"features_not_supported": rng.choice([["hires_fix"], [], None])}, 0.2),
        **maybe({"config": config()}, 0.95),
        **maybe({"unknown": {"deep": [1, None]}}, 0.15),
    }


BASELINES = [
    "stable diffusion 1", "stable diffusion 2", "stable diffusion 2 512", "stable_diffusion_xl", "stable_cascade",
    "flux_1", "flux_schnell", "flux_dev", "qwen_image", "z_image_turbo", "infer", "stable_diffusion_1", "SDXL", "SD1.5",
    "stable diffusion xl", "stable diffusion 1.4", "qwen", "zimage", "stable_diffusion_2_768", "z image turbo",
    "unheard of", "Stable Diffusion 1", "", None,
]


def image(name):
    record = {
        **common(name, ["ckpt", "ckpt", "ckpt", "ckpt", None, "x"] if rng.random() < 0.1 else ["ckpt"]),
        **maybe({"baseline": rng.choice(BASELINES)}, 0.97),
        **maybe({"optimization": rng.choice(["x", None])}, 0.2),
        **maybe({"inpainting": rng.choice([True, False, False, "no", 1, None] if rng.random() < 0.1 else [True, False])}, 0.8),
        **maybe({"tags": rng.choice([["a", " b ", "é"], [], None, ["x", "x"]])}, 0.6),
        **maybe({"showcases": rng.choice([["https://h/1"], [], None])}, 0.4),
        **maybe({"min_bridge_version": rng.choice([11, "12", 3.0, None, True])}, 0.3),
        **maybe({"trigger": rng.choice([["t"], [], None])}, 0.4),
        **maybe({"homepage": rng.choice(["https://h", "", None])}, 0.4),
        **maybe({"size_on_disk_bytes": rng.choice([123, 2.0, None, "77", 12345678901234567890])}, 0.5),
        **maybe({"requirements": rng.choice([
            {"min_steps": 1, "cfg_scale": 1.5, "samplers": ["k_euler", "x"], "ok": True, "sizes": [1, 2], "w": [1, 2.5], "n": 3.0},
            {}, None, {"bad": {"deep": 1}} if rng.random() < 0.2 else {"e": []},
        ])}, 0.4),
    }
    if record.get("style") not in (None, " anime ") and rng.random() < 0.7:
        record.pop("style")
    keys = list(record)
    if rng.random() < 0.3:
        rng.shuffle(keys)
    return {key: record[key] for key in keys}


KINDS = {"clip": ["clip", "coca"], "controlnet": ["control_canny", "control_qr_xl", "odd", "", None]}


def json_cases():
    cases = []
    for index in range(320):
        category = "image_generation" if index % 2 else rng.choice(GENERIC)
        name = rng.choice(["m", "Model 1", "é — x", "a/b"])
        record = image(name) if category == "image_generation" else common(name, KINDS.get(category, ["x", None]))
        if category == "clip":
            record.update(maybe({"pretrained_name": rng.choice(["p", None])}, 0.6))
        text = line({name: record})
        converted = convert(category, text)
        result = None if converted is None else line(converted[name])
        cases.append({"category": category, "name": name, "file": text, "result": result})
    return cases


TOKENS = [
    "Falcon", "Nest", "7B", "1.5b", "8x7B", "v0.1", "V2", "Q4_K_M", "q8_0", "GGUF", "fp16", "Instruct", "chat", "Thinking",
    "turbo", "08-2024", "2024-08", "2407", "4.2.0", "1.5", "L3", "org", "aphrodite", "koboldcpp", "Ünï", "٧B", "7K", "ſafe",
    "A3B", "é", "日本", "x", "70B1", "Base", "FT", "1b2",
]


def made_up_name():
    parts = [rng.choice(TOKENS) + rng.choice(["-", "-", "_", "/", " ", ".", ""]) for _ in range(rng.randint(1, 6))]
    return "".join(parts)


def name_cases():
    cases = []
    for _ in range(400):
        name = made_up_name()
        p = parse_text_model_name(name)
        extras = [[extra.inferred_type.value, extra.value] for extra in p.extras]
        cases.append([name, get_base_model_name(name), p.base_name, p.size, p.variant, p.version, p.quant, extras])
    return cases


def format_cases():
    cases = []
    for _ in range(120):
        names = [made_up_name() for _ in range(rng.randint(1, 4))]
        f = infer_name_format(names)
        cases.append([names, f.separator, f.part_order, f.author_included, f.common_author, f.template])
    return cases


def made_up_row():
    settings = ["", "", "", "{}", '{"temperature": 3.0, "top_k": 40}', '{"top_p": 1e-5, "x": [1, 2.5]}', '{"a": null}', "[]",
                "null", '{"s": ["", "é"]}', "nonsense", '{"deep": {}}', '{"b": true, "n": 0.10}']
    return [
        rng.choice(["org/", "", "", "é/", "https://h/", "koboldcpp/"] if rng.random() < 0.2 else ["org/", ""]) + made_up_name().strip("/ ") or "m",
        rng.choice(["7", "70.6", "0.355", "4.1", " 12", "", "3.0", "1e1", "big", "-1", "1_0", " "]),
        rng.choice(["", "A Name", " é "]),
        rng.choice(["", "https://h/x"]),
        rng.choice(["", "llama", "mistral — x"]),
        rng.choice(["", "Text, with comma", 'quo"ted', "two\nlines"]),
        rng.choice(["", "chat", "generalist", " s "]),
        rng.choice(["", "a,b", " a , ,b,", "é"]),
        rng.choice(["", "ChatML", " x "]),
        rng.choice(settings),
    ]


def csv_text(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def row_cases():
    cases = []
    for _ in range(160):
        row = made_up_row()
        text = csv_text([row])
        cases.append({"csv": text, "result": {name: line(record) for name, record in convert("text_generation", text).items()}})
    return cases


def group_case():
    rows = [[name, "7", "", "", rng.choice(["llama", "", "mistral"]), rng.choice(["", "Text é"]), rng.choice(["", "chat"]), rng.choice(["", "a,é"]), "", ""]
            for name in ["org/Falcon-7B-Instruct", "org/Falcon-70B", "other/Falcon_7B_Q4_K_M", "Falcon-v2-7B", "Nest-8x7B-08-2024",
                         "é/Nest-1.5b", "4.2.0-Owl-24B", "Owl-24B-GGUF", "Owl"]]
    parsed, _issues = parse_legacy_text_csv(io.StringIO(csv_text(rows), newline=""))
    models = csv_rows_to_legacy_dict(parsed)
    legacy = json.dumps(models, indent=4) + "\n"
    for name, model in models.items():
        model["text_model_group"] = get_base_model_name(name)
    summaries = compute_group_summaries(models)
    for name, model in models.items():
        s = summaries[model["text_model_group"]]
        f = s.name_format
        model["text_model_group_summary"] = {
            "member_count": s.member_count,
            "available_sizes": s.available_sizes,
            "available_quants": s.available_quants,
            "common_baseline": s.common_baseline,
            "any_nsfw": s.any_nsfw,
            "any_has_description": s.any_has_description,
            "merged_tags": s.merged_tags,
            "name_format": {
                "separator": f.separator,
                "part_order": f.part_order,
                "author_included": f.author_included,
                "common_author": f.common_author,
                "template": f.template,
            },
        }
    return {"legacy": legacy, "grouped": json.dumps(models)}


class Manager:
    """Holds records as the real manager does."""

    def __init__(self, v2):
        self.references = {}
        for category in CATEGORY:
            records = [MODEL_RECORD_TYPE_LOOKUP[category].model_validate(r) for r in v2.get(category.value, {}).values()]
            if category.value not in ("lora", "ti"):
                self.references[category] = {record.name: record for record in records}

    def query(self, category, source="horde"):
        records = self.references.get(category, {})
        if category == CATEGORY.image_generation:
            return build_image_query(records)
        if category == CATEGORY.text_generation:
            return build_text_query(records)
        if category == CATEGORY.controlnet:
            return build_controlnet_query(records)
        return build_query(records, MODEL_RECORD_TYPE_LOOKUP[category])

    def query_all(self):
        return build_cross_category_query(self.references)


DEFAULTS = {
    "nsfw": None, "baseline": None, "inpainting": None, "tags_any": None, "tags_all": None, "tags_none": None,
    "name_contains": None, "sort_by": None, "sort_desc": False, "limit": 50, "offset": 0, "backend": None,
    "exclude_backend_variations": False, "quantized": None, "source": "horde",
}
ALL = {key: DEFAULTS[key] for key in ("nsfw", "name_contains", "tags_any", "tags_all", "tags_none", "sort_by", "sort_desc", "limit", "offset")}

SEARCHES = [
    (None, {}), (None, {"name_contains": "FALCON"}), (None, {"nsfw": False, "limit": 2}), (None, {"tags_any": ["a"]}),
    (None, {"tags_none": ["a"], "offset": 3}), (None, {"sort_by": "name", "sort_desc": True}), (None, {"sort_by": "nsfw"}),
    (None, {"sort_by": "size_on_disk_bytes", "limit": 500}), ("blip", {}), ("blip", {"nsfw": True}), ("clip", {"tags_any": ["a"]}),
    ("controlnet", {"sort_by": "controlnet_style"}), ("image_generation", {}), ("image_generation", {"nsfw": False}),
    ("image_generation", {"inpainting": True}), ("image_generation", {"baseline": "stable_diffusion_xl"}),
    ("image_generation", {"tags_all": ["a", "b"], "sort_by": "name"}), ("image_generation", {"sort_by": "size_on_disk_bytes", "sort_desc": True}),
    ("image_generation", {"sort_by": "tags"}), ("image_generation", {"sort_by": "nothing"}), ("image_generation", {"sort_by": "min_bridge_version"}),
    ("text_generation", {}), ("text_generation", {"quantized": True}), ("text_generation", {"quantized": False, "sort_by": "parameters_count"}),
    ("text_generation", {"exclude_backend_variations": True, "limit": 3, "offset": 1}), ("text_generation", {"backend": "koboldcpp"}),
    ("text_generation", {"inpainting": True}), ("text_generation", {"sort_by": "parameters"}), ("text_generation", {"sort_by": "text_model_group", "sort_desc": True}),
    ("video_generation", {}), ("lora", {"nsfw": False}), ("miscellaneous", {"sort_by": "model_classification__purpose"}),
    ("text_generation", {"tags_any": ["é", "b"], "name_contains": "7b"}),
]


def search_cases(cases):
    files = {}
    for case in cases:
        if case["result"] is not None and len(files.get(case["category"], {})) < 8:
            name = f"{case['name']} {len(files.get(case['category'], {}))}"
            files.setdefault(case["category"], {})[name] = {**json.loads(case["file"])[case["name"]], "name": name}
    text = csv_text([row for row in (made_up_row() for _ in range(40))])
    files = {category: line(records) for category, records in files.items()}
    v2 = {category: convert(category, text_of) for category, text_of in files.items()}
    v2["text_generation"] = convert("text_generation", text)
    manager = Manager(v2)
    asked = []
    for category, query in SEARCHES:
        try:
            found = search_all(manager, **{**ALL, **query}) if category is None else search_category(category, manager, **{**DEFAULTS, **query})
            answer = {"status": 200, "body": line(found.model_dump())}
        except Exception as error:
            answer = {"status": error.status_code, "detail": error.detail}
        asked.append({"category": category, "query": query, **answer})
    return {"files": files, "csv": text, "asked": asked}


def main():
    cases = json_cases()
    recorded = {
        "records.json": cases,
        "rows.json": row_cases(),
        "names.json": {"names": name_cases(), "formats": format_cases()},
        "groups.json": group_case(),
        "searches.json": search_cases(cases),
    }
    for name, value in recorded.items():
        lines = value if isinstance(value, list) else [value]
        (HERE / name).write_text("[\n" + ",\n".join(line(entry) for entry in lines) + "\n]\n" if isinstance(value, list) else line(value) + "\n")
    kept = sum(case["result"] is not None for case in cases)
    print(f"{kept} of {len(cases)} records converted")


main()
