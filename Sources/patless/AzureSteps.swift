import ArgumentParser
import Kubernetes

extension AzureCommand {
    /// `patless azure steps`.
    struct Steps: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what remains to do by hand or with az, in order.",
            discussion: """
                  patless azure steps --resource-group RG --cluster CLUSTER --url URL
                  patless azure steps --config policy.yaml > steps.sh
                """
        )

        @OptionGroup var options: AzureOptions

        func run() throws {
            let deployment = try Failure.explained { try options.deployment() }
            // As it is written: decoded, it could be more than a line of a comment.
            let organizationURL = deployment.url.split(separator: "/").prefix(3).joined(separator: "/")
                .replacing("https:/", with: "https://")
            let group = Self.quoted(deployment.resourceGroup)
            let flags = zip(
                [
                    "resource-group", "cluster", "configuration", "url", "branch", "identity", "namespace",
                    "path",
                ],
                deployment.parameters
            ).map { "--\($0) \(Self.quoted($1.value))" }.joined(separator: " ")
            Console.print(
                """
                # 1. The cluster needs its OIDC issuer and workload identity.
                az aks update --resource-group \(group) --name \(Self.quoted(deployment.cluster)) \\
                  --enable-oidc-issuer --enable-workload-identity

                # 2. Deploy into the cluster's resource group.
                patless azure template > flux.json
                patless azure parameters \(flags) > flux.parameters.json
                az deployment group create --resource-group \(group) --name flux \\
                  --template-file flux.json --parameters @flux.parameters.json

                # 3. Which identity was made.
                output() {
                  az deployment group show --resource-group \(group) --name flux --query "properties.outputs.$1.value" --output tsv
                }
                client_id=$(output fluxIdentityClientId) tenant_id=$(output fluxIdentityTenantId)
                echo "$client_id"

                # 4. In Azure DevOps, by hand: \(organizationURL)/_settings/users
                #    Add the identity \(deployment.identity) as a user, with the access level Basic (Stakeholder cannot read
                #    repositories), and put it into the Readers group of the project. Both must be of one Entra tenant.

                # 5. Keep it so: patless refuses what brings a static credential back.
                cat > patless-values.yaml <<END
                image: {repository: REGISTRY/patless}
                policy:
                  identities:
                    - {namespace: flux-system, serviceAccount: source-controller, deployment: source-controller,
                       clientId: $client_id, tenantId: $tenant_id}
                END
                helm install patless charts/patless --namespace patless --create-namespace --values patless-values.yaml

                # 6. See whether all of it works, from the webhook to what Flux pulls.
                patless doctor
                """
            )
        }

        /// A word as a shell takes it.
        private static func quoted(_ text: String) -> String {
            let isPlain = text.utf8.allSatisfy { byte in
                ASCII.isAlphanumeric(byte) || "-_./:@%+=,".utf8.contains(byte)
            }
            return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
        }
    }
}
