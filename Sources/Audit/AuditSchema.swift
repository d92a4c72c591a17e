/// What a line of a trail looks like, in JSON Schema 2020-12: the file `audit-v1.schema.json`.
package enum AuditSchema {
    package static var text: [UInt8] { PackageResources.audit_v1_schema_json }
}
