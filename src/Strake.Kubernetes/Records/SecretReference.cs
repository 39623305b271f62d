using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Where a secret is found.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record SecretReference(string Namespace, string Name)
{
    /// <summary>Reads one from a document; null when there is none.</summary>
    /// <param name="element">An object with name and namespace.</param>
    public static SecretReference? Read(JsonElement element) => element.Has("name") ? new SecretReference(element.Text("namespace"), element.Text("name")) : null;
}
