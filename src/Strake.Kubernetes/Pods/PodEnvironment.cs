using System.Globalization;
using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>
/// The environment variables of a pod's container: where it reaches the API server, then those of envFrom, then those of env, each of which may name earlier ones.
/// </summary>
/// <param name="store">Where config maps and secrets are.</param>
/// <param name="server">Where pods reach the API server.</param>
sealed class PodEnvironment(IObjectStore store, ServerPlace server)
{
    /// <summary>The variables, in order.</summary>
    /// <exception cref="ContainerFault">What one of them names is not there.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(Pod pod, PodContainer container, PodPlace place, CancellationToken cancellationToken)
    {
        var variables = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        if (server.AddressFor(pod.Spec.Flag("hostNetwork")) is not null)
        {
            variables["KUBERNETES_SERVICE_HOST"] = ServerPlace.Name;
            variables["KUBERNETES_SERVICE_PORT"] = variables["KUBERNETES_SERVICE_PORT_HTTPS"] = server.Port.ToString(CultureInfo.InvariantCulture);
        }

        foreach (JsonElement source in container.Spec.List("envFrom", static item => item)) await AddAllAsync(variables, pod, source, cancellationToken);
        foreach (JsonElement variable in container.Spec.List("env", static item => item))
        {
            string? value = variable.At("valueFrom") is { ValueKind: JsonValueKind.Object } source
                ? await FromAsync(source, pod, container, place, cancellationToken)
                : Expansion.Expand(variable.Text("value"), variables.GetValueOrDefault);
            if (value is not null) variables[variable.Text("name")] = value;
        }

        return variables;
    }

    async Task AddAllAsync(OrderedDictionary<string, string> variables, Pod pod, JsonElement source, CancellationToken cancellationToken)
    {
        string prefix = source.Text("prefix");
        foreach ((string field, string resource) in ((string, string)[])[("configMapRef", ObjectId.ConfigMaps), ("secretRef", ObjectId.Secrets)])
        {
            if (!source.Has(field)) continue;
            JsonElement reference = source.At(field);
            IReadOnlyDictionary<string, byte[]>? entries = await EntriesAsync(resource, pod.Metadata.Namespace, reference, cancellationToken);
            foreach ((string name, byte[] value) in entries ?? new Dictionary<string, byte[]>()) variables[prefix + name] = Encoding.UTF8.GetString(value);
        }
    }

    async Task<string?> FromAsync(JsonElement source, Pod pod, PodContainer container, PodPlace place, CancellationToken cancellationToken)
    {
        if (source.Has("fieldRef"))
        {
            string path = source.At("fieldRef").Text("fieldPath");
            return PodFields.Text(pod, path, place.Address, place.Node.Address) ?? throw new ContainerFault(ContainerFault.Config, $"unsupported fieldPath: {path}");
        }

        if (source.Has("resourceFieldRef"))
        {
            JsonElement reference = source.At("resourceFieldRef");
            PodContainer of = pod.All.FirstOrDefault(other => other.Name == reference.Text("containerName")) ?? container;
            return PodFields.Resource(of, reference, place.Node) ?? throw new ContainerFault(ContainerFault.Config, $"unsupported container resource : {reference.Text("resource")}");
        }

        (string field, string resource, string kind) = source.Has("secretKeyRef") ? ("secretKeyRef", ObjectId.Secrets, "Secret") : ("configMapKeyRef", ObjectId.ConfigMaps, "ConfigMap");
        JsonElement entry = source.At(field);
        IReadOnlyDictionary<string, byte[]>? entries = await EntriesAsync(resource, pod.Metadata.Namespace, entry, cancellationToken);
        if (entries is null) return null;
        if (entries.TryGetValue(entry.Text("key"), out byte[]? value)) return Encoding.UTF8.GetString(value);
        return entry.Flag("optional")
            ? null
            : throw new ContainerFault(ContainerFault.Config, $"couldn't find key {entry.Text("key")} in {kind} {pod.Metadata.Namespace}/{entry.Text("name")}");
    }

    async Task<IReadOnlyDictionary<string, byte[]>?> EntriesAsync(string resource, string space, JsonElement reference, CancellationToken cancellationToken)
    {
        string name = reference.Text("name");
        StoredObject? found = await store.FindAsync(new ObjectId(resource, new ObjectKey(space, name)), cancellationToken);
        if (found is not null) return SettingsEntries.Of(found.Document, resource);
        return reference.Flag("optional") ? null : throw new ContainerFault(ContainerFault.Config, $"{resource[..^1]} \"{name}\" not found");
    }
}
