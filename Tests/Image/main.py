"""Tests the container image, as it would be pushed, and the list of what it is made of. See `run`."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import harness
from harness import Skip, expect, test
from server import PATLESS, ROOT


def output(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    expect(done.returncode == 0, f"{' '.join(map(str, command))}:", done.stdout, done.stderr)
    return done.stdout


class Images:
    """Images in a store of their own, made with buildah as an ordinary file system: no daemon, no right that is special."""

    def __init__(self, folder):
        self.folder = folder
        store = folder / "storage.conf"
        store.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/store"\nrunroot = "{folder}/run"\n')
        (folder / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
        nobody = {"DOCKER_HOST": f"unix://{folder}/nobody"}   # not docker, where there is one
        self.environment = {**os.environ, **nobody, "CONTAINERS_STORAGE_CONF": str(store), "BUILDAH_ISOLATION": "chroot"}

    def build(self, name, executable=PATLESS):
        """The image's layout: a function that reads a blob, its manifest, and its configuration."""
        if not shutil.which("buildah"):
            raise Skip("buildah is not installed")
        output(ROOT / "Tests/Image/build", executable, env={**self.environment, "IMAGE": name})
        place = self.folder / name
        policy = ["--signature-policy", self.folder / "policy.json"]
        output("buildah", "push", "--quiet", *policy, name, f"oci:{place}:latest", env=self.environment)

        def blob(described):
            return (place / "blobs" / described["digest"].replace(":", "/")).read_bytes()

        (index,) = json.loads((place / "index.json").read_text())["manifests"]
        manifest = json.loads(blob(index))
        return blob, manifest, json.loads(blob(manifest["config"]))


@test
def it_holds_the_executable_and_nothing_else(images):
    blob, manifest, _ = images.build("once")
    (layer,) = manifest["layers"]
    file = images.folder / "layer"
    file.write_bytes(blob(layer))
    with tarfile.open(file) as archive:
        (entry,) = [one for one in archive.getmembers() if one.name not in (".", "")]
        expect(entry.name == "patless" and entry.mode & 0o7777 == 0o555 and entry.uid == 0, entry.get_info())
        content = archive.extractfile(entry).read()
    expect(content == pathlib.Path(PATLESS).read_bytes(), "it is another executable")
    root = images.folder / "root"
    root.mkdir()
    (root / "patless").write_bytes(content)
    (root / "patless").chmod(entry.mode)
    if os.geteuid() == 0:   # in nothing but itself and /proc, as the image's user
        (root / "proc").mkdir()
        run = 'mount --bind /proc "$0/proc" && exec chroot --userspec=65532:65532 "$0" /patless version'
        told = output("unshare", "--mount", "sh", "-c", run, root)
        expect(told.startswith("patless "), told)


@test
def it_runs_as_nobody_in_particular_and_says_what_it_is(images):
    _, _, configuration = images.build("once")
    version = output(PATLESS, "version").split()[1]
    inner = configuration["config"]
    expect(inner["User"] == "65532:65532" and inner["Entrypoint"] == ["/patless"] and inner["Cmd"] == ["serve"], inner)
    expect(inner["ExposedPorts"].keys() == {"9443/tcp", "8080/tcp"}, inner)
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in inner["Labels"].items()}
    expect(labels["title"] == "patless" and labels["version"] == version and labels["revision"], labels)


@test
def it_is_the_same_image_whenever_it_is_built(images):
    first, second = images.build("once"), images.build("twice")
    expect(first[1] == second[1], first[1], second[1])


@test
def it_is_for_the_architecture_that_the_executable_is_for(images):
    here = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    expect(images.build("once")[2]["architecture"] == here, "not this machine's")
    # The head alone tells: an executable of 64 bytes of ELF, which nothing could run.
    other = images.folder / "other"
    other.write_bytes(pathlib.Path(PATLESS).read_bytes()[:18] + (b"\xb7\x00" if here == "amd64" else b"\x3e\x00") + bytes(44))
    other.with_name("other.cdx.json").write_text("{}")
    expect(images.build("foreign", other)[2]["architecture"] == ({"amd64", "arm64"} - {here}).pop(), "not the other's")


def materials():
    return json.loads(pathlib.Path(f"{PATLESS}.cdx.json").read_text())


@test
def the_list_of_materials_is_one_by_cyclonedxs_own_schema(images):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(materials()))
    expect(not error, error and error.data.message)
    for one in materials()["components"]:
        purl = PackageURL.from_string(one["purl"])
        expect(purl.name == one["name"] and purl.version.endswith(one["version"]) or purl.type == "github", one)


@test
def it_lists_what_the_executable_is_made_of_in_the_versions_that_it_has(images):
    listed = materials()
    content = hashlib.sha256(pathlib.Path(PATLESS).read_bytes()).hexdigest()
    expect(listed["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": content}], "of another executable")
    versions = {one["name"]: one["version"] for one in listed["components"]}
    expect({"openssl", "libyaml", "glibc", "swift", "swift-argument-parser", "swift-log"} <= versions.keys(), versions)
    told = re.search(r"OpenSSL ([0-9.]+)", output(PATLESS, "version")).group(1)
    expect(versions["openssl"].startswith(told), versions["openssl"], told)
    expect(versions["swift"] in output("swift", "--version"), versions["swift"])


@test
def it_is_the_same_list_whenever_it_is_written(images):
    if pathlib.Path(PATLESS) != (ROOT / ".build/release/patless").resolve():
        raise Skip("the executable was not made here")
    again = output(ROOT / "Tests/Image/sbom", PATLESS, ROOT / ".build/patless.inputs")
    expect(json.loads(again) == materials(), again)


def main(words):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-image."))
    tally = harness.Tally(words)
    try:
        tally.run(list(harness.TESTS), Images(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
