"""Tests what `patless azure` prints. See `run`."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import referencing

import harness
from harness import Skip, expect, test
from server import PATLESS

URL = "https://dev.azure.com/contoso/shop/_git/fleet"
FLAGS = ["--resource-group", "my rg", "--cluster", "my-aks", "--url", URL]
PARAMETERS = [
    "resourceGroupName", "clusterName", "fluxConfigurationName", "gitRepositoryUrl", "gitBranch", "fluxIdentityName", "namespace",
    "kustomizationPath",
]
# Every property that a resource may have here, by the resource's type: Azure's own schemas let a misspelt one pass.
ALLOWED = {
    "userAssignedIdentities": set(),
    "federatedIdentityCredentials": {"issuer", "subject", "audiences"},
    "extensions": {
        "extensionType", "autoUpgradeMinorVersion", "scope", "scope.cluster", "scope.cluster.releaseNamespace", "configurationSettings",
        "configurationSettings.workloadIdentity.enable", "configurationSettings.workloadIdentity.azureClientId",
        "configurationSettings.workloadIdentity.azureTenantId",
    },
    "fluxConfigurations": {
        "scope", "namespace", "sourceKind", "gitRepository", "gitRepository.url", "gitRepository.provider", "gitRepository.repositoryRef",
        "gitRepository.repositoryRef.branch", "kustomizations", "kustomizations.apps", "kustomizations.apps.path", "kustomizations.apps.prune",
    },
}


def patless(*arguments):
    return subprocess.run([PATLESS, "azure", *arguments], capture_output=True, text=True)


def template():
    done = patless("template")
    expect(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def resources():
    """The resources by the last part of their type."""
    return {resource["type"].split("/")[-1]: resource for resource in template()["resources"]}


def properties(value, path=""):
    for key, inner in value.items() if isinstance(value, dict) else []:
        yield path + key
        yield from properties(inner, f"{path}{key}.")


@test
def it_has_the_parameters_and_outputs_that_it_is_known_by():
    it = template()
    expect(list(it["parameters"]) == PARAMETERS, list(it["parameters"]))
    expect({"fluxIdentityClientId", "fluxIdentityPrincipalId", "fluxIdentityTenantId"} == it["outputs"].keys(), it["outputs"].keys())
    for name, parameter in it["parameters"].items():
        expect(parameter["type"] == "string" and parameter["metadata"]["description"], name)


@test
def every_property_is_one_that_azure_knows():
    for kind, resource in resources().items():
        unknown = set(properties(resource.get("properties", {}))) - ALLOWED[kind]
        expect(not unknown, f"{kind}: {unknown}")
    settings = resources()["extensions"]["properties"]["configurationSettings"]
    expect(all(isinstance(value, str) for value in settings.values()), settings)


@test
def what_is_referred_to_is_there_and_what_is_there_is_used():
    text = json.dumps(template())
    for kind in ["parameters", "variables"]:
        used = set(re.findall(rf"{kind}\('(\w+)'\)", text))
        expect(used == template()[kind].keys(), f"{kind}: {used ^ template()[kind].keys()}")


@test
def each_resource_waits_for_the_one_that_it_needs():
    it = template()
    made = {
        "[variables('identityId')]": "userAssignedIdentities", "[variables('credentialId')]": "federatedIdentityCredentials",
        "[variables('extensionId')]": "extensions",
    }
    order = list(resources())
    expect(order == ["userAssignedIdentities", "federatedIdentityCredentials", "extensions", "fluxConfigurations"], order)
    for before, (kind, resource) in zip([None, *order], resources().items()):
        waits = [made[name] for name in resource.get("dependsOn", [])]
        expect(waits == ([before] if before else []), f"{kind} waits for {waits}")
    for kind in ["extensions", "fluxConfigurations"]:
        expect(resources()[kind]["scope"] == "[variables('clusterId')]", f"{kind} is not of the cluster")
    expect("'Microsoft.ContainerService/managedClusters'" in it["variables"]["clusterId"], it["variables"])


@test
def source_controller_is_who_may_use_the_identity():
    credential = resources()["federatedIdentityCredentials"]["properties"]
    expect(credential["subject"] == "system:serviceaccount:flux-system:source-controller", credential)
    expect(credential["audiences"] == ["api://AzureADTokenExchange"], credential)
    expect(credential["issuer"].endswith(".oidcIssuerProfile.issuerURL]") and credential["issuer"].startswith("[reference("), credential)
    repository = resources()["fluxConfigurations"]["properties"]["gitRepository"]
    expect(repository["provider"] == "Azure", repository)


@test
def azures_own_schemas_have_nothing_against_it():
    folder = os.environ.get("PATLESS_TEST_AZURE")
    if not folder:
        raise Skip("PATLESS_TEST_AZURE names no folder with Azure's schemas")
    (schemas,) = pathlib.Path(folder).rglob("schemas/common/definitions.json")
    schemas = schemas.parents[1]

    def retrieve(uri):
        path = schemas / uri.removeprefix("https://schema.management.azure.com/schemas/").split("#")[0]
        return referencing.Resource.from_contents(json.loads(path.read_text()), referencing.jsonschema.DRAFT4)

    registry = referencing.Registry(retrieve=retrieve)
    for kind, file, definition in [
        ("extensions", "2024-11-01/Microsoft.KubernetesConfiguration.json", "ExtensionProperties"),
        ("fluxConfigurations", "2024-11-01/Microsoft.KubernetesConfiguration.json", "FluxConfigurationProperties"),
        ("federatedIdentityCredentials", "2023-01-31/Microsoft.ManagedIdentity.json", "FederatedIdentityCredentialProperties"),
    ]:
        schema = {"$ref": f"https://schema.management.azure.com/schemas/{file}#/definitions/{definition}"}
        validator = jsonschema.Draft4Validator(schema, registry=registry)
        value = resources()[kind]["properties"]
        problems = [error.message for error in validator.iter_errors(value)]
        expect(not problems, kind, *problems)
        if kind == "fluxConfigurations":
            value["gitRepository"]["provider"] = "azure"
            expect(list(validator.iter_errors(value)), "the schema takes the provider in lower case too")


@test
def the_parameter_file_has_a_value_for_each_parameter():
    done = patless("parameters", *FLAGS)
    expect(done.returncode == 0, done.stderr)
    values = {name: entry["value"] for name, entry in json.loads(done.stdout)["parameters"].items()}
    expect(list(values) == PARAMETERS, list(values))
    expect((values["resourceGroupName"], values["gitRepositoryUrl"]) == ("my rg", URL), values)


@test
def a_url_that_workload_identity_cannot_use_is_refused_with_the_one_that_it_can():
    for url, words in [
        ("https://contoso@dev.azure.com/contoso/shop/_git/fleet", URL), ("git@ssh.dev.azure.com:v3/contoso/shop/fleet", "Azure DevOps"),
        ("https://contoso.visualstudio.com/shop/_git/fleet", URL), ("https://u:s3cret@dev.azure.com/contoso/shop/_git/fleet", "credential"),
        ("https://github.com/contoso/fleet", "Azure DevOps"),
    ]:
        done = patless("parameters", *FLAGS[:4], "--url", url)
        expect(done.returncode == 2 and words in done.stderr and "s3cret" not in done.stderr, url, done.stderr)


@test
def the_parameters_come_from_a_policy_file_too_and_flags_win():
    with tempfile.TemporaryDirectory() as folder:
        policy = pathlib.Path(folder) / "policy.yaml"
        names = {"resourceGroup": "my rg", "cluster": "my-aks", "url": URL, "branch": "release", "path": "./clusters/one"}
        policy.write_text(json.dumps({"apiVersion": "patless.dev/v1alpha1", "kind": "Policy", "azure": names}))
        by_file = json.loads(patless("parameters", "--config", policy, "--branch", "main").stdout)["parameters"]
        by_flags = json.loads(patless("parameters", *FLAGS, "--path", "./clusters/one").stdout)["parameters"]
        expect(by_file == by_flags, by_file, by_flags)
        expect("my-aks" in patless("steps", "--config", policy).stdout)
        policy.write_text(json.dumps({"apiVersion": "patless.dev/v1alpha1", "kind": "Policy", "azure": {"resourcegroup": "x"}}))
        done = patless("parameters", "--config", policy)
        expect(done.returncode == 2 and "did you mean `resourceGroup`?" in done.stderr, done.stderr)
    done = patless("parameters", "--cluster", "x")
    expect(done.returncode == 2 and "--resource-group is missing" in done.stderr and done.stdout == "", done.stderr)


@test
def nothing_in_a_name_becomes_a_command_of_the_steps():
    for flags in [["--url", "https://dev.azure.com/a%0Atouch%20PWNED%20/p/_git/r"], ["--identity", "x\ntouch PWNED"], ["--branch", "$(touch PWNED)"]]:
        done = patless("steps", *FLAGS, *flags)
        lines = [line for line in done.stdout.splitlines() if not line.lstrip().startswith("#")]
        expect(done.returncode != 0 or not any("touch PWNED" in line and "'$(touch PWNED)'" not in line for line in lines), flags, done.stdout)


@test
def the_steps_are_a_script_that_a_shell_can_read():
    done = patless("steps", *FLAGS)
    expect(done.returncode == 0, done.stderr)
    read = subprocess.run(["bash", "-n"], input=done.stdout, capture_output=True, text=True)
    expect(read.returncode == 0, read.stderr)
    for words in ["az deployment group create --resource-group 'my rg'", "https://dev.azure.com/contoso/_settings/users", "Basic", "Readers", "helm install patless", "patless doctor"]:
        expect(words in done.stdout, f"{words}: not in", done.stdout)


def main(words):
    tally = harness.Tally(words)
    tally.run(harness.TESTS)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
