import ArgumentParser
import JSON
import Sockets

/// `patless azure`.
struct AzureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "azure",
        abstract: "Print what is needed on the Azure side: identity, federated credential, Flux extension.",
        discussion: """
            patless azure template > flux.json
            patless azure parameters --resource-group RG --cluster CLUSTER --url URL > flux.parameters.json
            patless azure steps --config policy.yaml

            A policy file can keep what the flags say:

              azure:
                resourceGroup: RG
                cluster: CLUSTER
                url: https://dev.azure.com/ORGANISATION/PROJECT/_git/REPOSITORY
            """,
        subcommands: [Template.self, Parameters.self, Steps.self]
    )

    /// `patless azure template`.
    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the ARM template.",
            discussion: """
                A managed identity, its federated credential for flux-system/source-controller, the microsoft.flux \
                extension with workload identity, and a Flux configuration with provider Azure, in this order.

                  patless azure template > flux.json
                  az deployment group create --resource-group RG --template-file flux.json --parameters @flux.parameters.json
                """
        )

        func run() {
            Console.write(PackageResources.azure_template_json)
        }
    }

    /// `patless azure parameters`.
    struct Parameters: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the template's parameter file.",
            discussion: """
                  patless azure parameters --resource-group RG --cluster CLUSTER --url URL > flux.parameters.json
                  patless azure parameters --config policy.yaml > flux.parameters.json
                """
        )

        @OptionGroup var options: AzureOptions

        func run() throws {
            let deployment = try Failure.explained { try options.deployment() }
            let parameters = deployment.parameters.map { name, value in
                var text: [UInt8] = []
                text.writeJSON { $0.string(value) }
                return "    \"\(name)\": {\"value\": \(String(decoding: text, as: UTF8.self))}"
            }
            Console.print(
                """
                {
                  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
                  "contentVersion": "1.0.0.0",
                  "parameters": {
                \(parameters.joined(separator: ",\n"))
                  }
                }
                """
            )
        }
    }
}
