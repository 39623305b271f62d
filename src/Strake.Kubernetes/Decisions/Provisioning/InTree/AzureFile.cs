using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Shares of Microsoft's Azure.</summary>
sealed record AzureFile() : InTreeSource("azureFile", "kubernetes.io/azure-file", "file.csi.azure.com")
{
    const string ResourceGroup = "kubernetes.io/azure-file-resource-group";
    const string SecretPrefix = "azure-storage-account-";
    const string SecretSuffix = "-secret";
    const string DefaultNamespace = "default";

    // <resource group>#<account>#<share>#<disk>
    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin)
    {
        string share = source.Text("shareName"), secret = source.Text("secretName");
        string space = origin.PodNamespace is { Length: > 0 } pods ? pods : source.TextOrNull("secretNamespace") ?? DefaultNamespace;
        string group = origin.Volume.Annotations.Find(ResourceGroup) ?? "";
        return new CsiSource(Driver, $"{group}#{AccountOf(secret)}#{share}#")
        {
            ReadOnly = source.Flag("readOnly"),
            Attributes = TextMap.Of(("sharename", share)),
            NodeStageSecret = new SecretReference(space, secret),
        };
    }

    public override JsonObject ToInTree(CsiSource source)
    {
        string[] parts = source.Handle.Split('#');
        string? Attribute(string name) => source.Attributes.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        string Part(int number) => parts.Length >= 3 ? parts[number] : throw StrakeException.Invalid($"error parsing volume id: \"{source.Handle}\", should at least contain two #");
        return new JsonObject
        {
            ["shareName"] = Attribute("sharename") ?? Part(2),
            ["secretName"] = source.NodeStageSecret?.Name ?? Attribute("secretname") ?? $"{SecretPrefix}{Part(1)}{SecretSuffix}",
            ["secretNamespace"] = source.NodeStageSecret?.Namespace ?? Attribute("secretnamespace") ?? DefaultNamespace,
        }.WithFlag("readOnly", source.ReadOnly);
    }

    public override string NameOf(JsonElement source) => source.Text("shareName");

    public override AccessModes InlineModes(JsonElement source) => AccessModes.ReadWriteMany;

    public override TextMap Parameters(TextMap parameters) => parameters;

    static string AccountOf(string secret) =>
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal) && secret.EndsWith(SecretSuffix, StringComparison.Ordinal) && secret.Length > SecretPrefix.Length + SecretSuffix.Length
            ? secret[SecretPrefix.Length..^SecretSuffix.Length]
            : secret;
}
