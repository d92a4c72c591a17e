"""What the chart refuses to render, and what it says then."""

import copy

from chart import IDENTITY, PROVIDED
from harness import expect, test

AUTHORITY = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"


def refused(helm, values, *words):
    done = helm.template(values)
    expect(done.returncode != 0, f"it renders {values}")
    expect(all(word in done.stderr for word in words), f"of {values} it says:", done.stderr, f"and not: {words}")


def policy(**keys):
    return {"policy": keys}


def identity(**keys):
    return policy(identities=[{**IDENTITY, **keys}])


def issuer(method, **keys):
    return {"certificates": {"method": method, "certManager": {"issuerRef": keys}}}


def managed(**keys):
    return {"certificates": {"managed": keys}}


def exemption(**keys):
    whole = {"rules": ["secret-ref"], "namespaces": ["a"], "names": ["*"], "reason": "r", "owner": "o", "expires": "2027-03-31"}
    return policy(exemptions=[{key: value for key, value in {**whole, **keys}.items() if value is not None}])


@test
def a_value_that_does_not_exist_is_refused(helm):
    refused(helm, {"replicaCount": 3}, "replicaCount is not allowed")
    refused(helm, {"webhooks": {"failurePolicy": "Fail"}}, "webhooks", "failurePolicy is not allowed")
    refused(helm, policy(exemption=[]), "policy", "exemption is not allowed")
    refused(helm, {"certificates": {"method": "selfSigned"}}, "certificates.method", '"managed", "certManager", "provided"')


@test
def a_policy_that_the_server_would_refuse_is_refused_by_the_schema(helm):
    refused(helm, identity(clientId="1234"), "policy.identities.0.clientId", "Does not match pattern")
    refused(helm, identity(clientId="00000000-0000-0000-0000-000000000000"), "policy.identities.0.clientId")
    refused(helm, identity(clientID=IDENTITY["clientId"]), "clientID is not allowed")
    refused(helm, identity(namespace="Flux"), "policy.identities.0.namespace")
    refused(helm, policy(rules={"secret-reference": {"mode": "deny"}}), "secret-reference is not allowed")
    refused(helm, policy(rules={"proxy-secret": {"mode": False}}), "policy.rules.proxy-secret.mode", '"off"')
    refused(helm, policy(rules={"secret-ref": {}}), "policy.rules.secret-ref", "mode is required")
    refused(helm, policy(azureDevOpsHosts=["https://dev.azure.com"]), "policy.azureDevOpsHosts.0")
    refused(helm, exemption(reason=None), "policy.exemptions.0", "reason is required")
    refused(helm, exemption(reason=" "), "policy.exemptions.0.reason")
    refused(helm, exemption(rules=[]), "policy.exemptions.0.rules")
    refused(helm, exemption(expires="31.3.2027"), "policy.exemptions.0.expires")


@test
def policies_that_contradict_themselves_are_refused_with_a_sentence(helm):
    refused(helm, policy(identities=[IDENTITY, IDENTITY]), "policy.identities[1] is for the same ServiceAccount as policy.identities[0]")
    refused(helm, identity(namespace="patless"), "install patless into a namespace of its own")
    late = policy(rules={"proxy-secret": {"mode": "warn", "enforceFrom": "2027-01-01"}})
    refused(helm, late, "policy.rules.proxy-secret.enforceFrom is for the mode deny")


@test
def a_certificate_of_which_half_is_missing_is_refused_with_a_sentence(helm):
    values = copy.deepcopy(PROVIDED)
    refused(helm, values, "certificates.provided.caBundle must hold the authority")
    provided = values["certificates"]["provided"]
    provided.update(secretName="", caBundle=AUTHORITY)
    refused(helm, values, "certificates.provided.secretName must name the Secret")
    provided.update(secretName="a", caBundle="not PEM")
    refused(helm, values, "certificates.provided.caBundle", "Does not match pattern")
    provided.update(caBundle=AUTHORITY + "-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n" + AUTHORITY)
    refused(helm, values, "holds a private key")
    provided.update(caBundle=AUTHORITY)
    refused(helm, issuer("certManager", kind="ClusterIssuer"), "issuerRef needs a name")


@test
def a_certificate_that_comes_from_two_places_is_refused_with_a_sentence(helm):
    values = copy.deepcopy(PROVIDED)
    for method in ["managed", "certManager"]:
        values["certificates"]["method"] = method
        refused(helm, values, f"certificates.method is {method}", "set certificates.method to provided")
    refused(helm, issuer("managed", name="corp-ca"), "certificates.method is managed", "set certificates.method to certManager")


@test
def certificates_that_outlive_their_authority_are_refused_with_a_sentence(helm):
    refused(helm, managed(leafLifetime="8760h"), "certificates.managed.leafLifetime is 8760h", "lasts 8760h: give the authority more")
    refused(helm, managed(authorityLifetime="167h59m59s"), "lasts 167h59m59s: give the authority more")
    refused(helm, managed(leafLifetime="0s"), "certificates.managed.leafLifetime is 0s")
    refused(helm, managed(leafLifetime="7d"), "certificates.managed.leafLifetime", "Does not match pattern")
    expect(helm.template(managed(authorityLifetime="168h1s")).returncode == 0, "a second more is refused too")


@test
def values_that_stand_in_each_others_way_are_refused_with_a_sentence(helm):
    refused(helm, {"replicas": 1}, "no node that it runs on could ever be drained")
    refused(helm, {"podDisruptionBudget": {"minAvailable": 2}}, "podDisruptionBudget.minAvailable is 2")
    refused(helm, {"autoscaling": {"enabled": True, "minReplicas": 1}}, "podDisruptionBudget.minAvailable is 1")
    refused(helm, {"autoscaling": {"enabled": True, "minReplicas": 9}}, "more than autoscaling.maxReplicas")
    refused(helm, {"server": {"drainSeconds": 26}}, "terminationGracePeriodSeconds is 30", "needs at least 31")
    refused(helm, {"server": {"opsPort": 9443}}, "are both 9443")
    refused(helm, {"server": {"statusPort": 8080}}, "server.opsPort and server.statusPort are both 8080")
    refused(helm, {"image": {"tag": "latest"}}, "image.tag is latest")
    refused(helm, {"image": {"tag": "0.1.0", "digest": "sha256:" + "0" * 64}}, "image.tag and image.digest are both set")
    issued = {"method": "certManager", "certManager": {"duration": "720h", "renewBefore": "336h"}}
    refused(helm, {"prometheusRule": {"enabled": True}, "certificates": issued}, "prometheusRule.certificateDays is 14")
    refused(helm, {"backfill": {"enabled": False, "restart": True}}, "nobody would restart anything")
    unknown = {"server": {"clientAuthentication": {"names": ["kube-apiserver"]}}}
    refused(helm, unknown, "server.clientAuthentication.configMapName no client shows a certificate")
    unknown["server"]["clientAuthentication"].update(configMapName="a", names=[".example.com"])
    refused(helm, unknown, "server.clientAuthentication.names.0", "Does not match pattern")


@test
def kubernetes_before_1_20_is_refused(helm):
    done = helm.template({}, "1.19")
    expect(done.returncode != 0 and "kubeVersion: >=1.20.0-0" in done.stderr, done.stderr)
    expect(helm.template({}, "1.20").returncode == 0, "1.20 is refused too")
    expect(helm.template({}, "1.31.5-gke.100").returncode == 0, "a version with a vendor's ending is refused")
