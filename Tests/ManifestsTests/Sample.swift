import Manifests

/// Policy files that others are made of.
enum Sample {
    static let least = "apiVersion: patless.dev/v1alpha1\nkind: Policy\n"

    static let full =
        least + """
            identities:
              - namespace: flux-system
                serviceAccount: source-controller
                deployment: source-controller
                clientId: 11111111-2222-3333-4444-555555555555
                tenantId: AAAAAAAA-bbbb-CCCC-dddd-eeeeeeeeeeee
                onConflict: overwrite
              - {namespace: a, serviceAccount: image.reflector, clientId: 11111111-2222-3333-4444-666666666666}
            rules:
              secret-ref: {mode: deny, enforceFrom: 2027-01-01}
              ssh-key: {mode: audit}
              proxy-secret: {mode: "off"}
              submodule-token:
                mode: off
            existing: deny
            azureDevOpsHosts: [dev.azure.com, "*.visualstudio.com", ado.contoso.com]
            certificateAuthoritySecrets: [{namespace: apps, name: corp-ca}]
            exemptions:
              - rules: [secret-ref, ssh-key]
                namespaces: [legacy, team-*]
                names: ["*"]
                reason: on-premises TFS
                owner: team-a@contoso.com
                expires: "2028-02-29"

            """
}

/// What is wrong with a policy file that says `text`, a line each; empty when nothing is.
func refusals(_ text: String) -> [String] {
    do throws(PolicyFileError) {
        _ = try PolicyFile.parse(Array(text.utf8), name: "p")
        return []
    } catch {
        return error.description.split(separator: "\n").map { String($0.dropFirst(2)) }
    }
}
