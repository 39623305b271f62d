using System.Globalization;
using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>The files that configMap, secret, downwardAPI and projected volumes show.</summary>
/// <param name="store">Where config maps and secrets are.</param>
/// <param name="tokens">The pods' tokens.</param>
sealed class ProjectedFiles(IObjectStore store, PodTokens tokens)
{
    const int DefaultMode = 420;

    /// <summary>The files of a volume by their relative paths; null when the volume is of no such type.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="volume">The volume's document.</param>
    /// <param name="place">Where the pod is.</param>
    /// <param name="cancellationToken">Cancels what is looked up.</param>
    /// <exception cref="StrakeException">NotFound: an object or an entry that is not optional is not there; in Kubernetes' words.</exception>
    public async Task<IReadOnlyDictionary<string, FilePayload>?> OfAsync(Pod pod, JsonElement volume, PodPlace place, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, FilePayload>(StringComparer.Ordinal);
        if (volume.At("projected") is { ValueKind: JsonValueKind.Object } projected)
        {
            int mode = projected.Number("defaultMode", DefaultMode);
            foreach (JsonElement source in projected.List("sources", static item => item)) await AddAsync(files, pod, source, "name", "name", mode, place, cancellationToken);
            return files;
        }

        return await AddAsync(files, pod, volume, "name", "secretName", null, place, cancellationToken) ? files : null;
    }

    async Task<bool> AddAsync(
        SortedDictionary<string, FilePayload> files, Pod pod, JsonElement source, string mapName, string secretName, int? mode, PodPlace place, CancellationToken cancellationToken)
    {
        if (source.At("configMap") is { ValueKind: JsonValueKind.Object } map)
            await AddEntriesAsync(files, pod, map, ObjectId.ConfigMaps, map.Text(mapName), mode ?? map.Number("defaultMode", DefaultMode), cancellationToken);
        else if (source.At("secret") is { ValueKind: JsonValueKind.Object } secret)
            await AddEntriesAsync(files, pod, secret, ObjectId.Secrets, secret.Text(secretName), mode ?? secret.Number("defaultMode", DefaultMode), cancellationToken);
        else if (source.At("downwardAPI") is { ValueKind: JsonValueKind.Object } downward)
            AddFields(files, pod, downward, mode ?? downward.Number("defaultMode", DefaultMode), place);
        else if (source.At("serviceAccountToken") is { ValueKind: JsonValueKind.Object } token)
            await AddTokenAsync(files, pod, token, mode ?? DefaultMode, cancellationToken);
        else return false;
        return true;
    }

    async Task AddEntriesAsync(
        SortedDictionary<string, FilePayload> files, Pod pod, JsonElement source, string resource, string name, int mode, CancellationToken cancellationToken)
    {
        bool isOptional = source.Flag("optional");
        StoredObject? found = await store.FindAsync(new ObjectId(resource, new ObjectKey(pod.Metadata.Namespace, name)), cancellationToken);
        if (found is null && !isOptional) throw StrakeException.NotFound($"{resource[..^1]} \"{name}\" not found");
        if (found is null) return;
        IReadOnlyDictionary<string, byte[]> entries = SettingsEntries.Of(found.Document, resource);
        if (!source.Has("items"))
        {
            foreach ((string key, byte[] value) in entries) files[key] = new FilePayload(value, (UnixFileMode)mode);
            return;
        }

        foreach (JsonElement item in source.List("items", static item => item))
        {
            if (entries.TryGetValue(item.Text("key"), out byte[]? value)) files[PathOf(item)] = new FilePayload(value, (UnixFileMode)item.Number("mode", mode));
            else if (!isOptional) throw StrakeException.NotFound($"{(resource == ObjectId.Secrets ? "references non-existent secret key" : "references non-existent config key")}: {item.Text("key")}");
        }
    }

    async Task AddTokenAsync(SortedDictionary<string, FilePayload> files, Pod pod, JsonElement source, int mode, CancellationToken cancellationToken)
    {
        const int Hour = 3600;
        string token = await tokens.OfAsync(pod, source.Text("audience"), source.Number("expirationSeconds", Hour), cancellationToken);
        files[PathOf(source)] = new FilePayload(Encoding.UTF8.GetBytes(token), (UnixFileMode)mode);
    }

    static void AddFields(SortedDictionary<string, FilePayload> files, Pod pod, JsonElement source, int mode, PodPlace place)
    {
        foreach (JsonElement item in source.List("items", static item => item))
        {
            string? text = item.Has("fieldRef")
                ? PodFields.Text(pod, item.At("fieldRef").Text("fieldPath"), place.Address, place.Node.Address)
                : OfContainer(pod, item.At("resourceFieldRef"), place);
            if (text is null) throw StrakeException.Invalid(string.Create(CultureInfo.InvariantCulture, $"unsupported field of {PathOf(item)}"));
            files[PathOf(item)] = new FilePayload(Encoding.UTF8.GetBytes(text), (UnixFileMode)item.Number("mode", mode));
        }
    }

    static string? OfContainer(Pod pod, JsonElement reference, PodPlace place) =>
        pod.All.FirstOrDefault(container => container.Name == reference.Text("containerName")) is { } container ? PodFields.Resource(container, reference, place.Node) : null;

    // The API refuses paths that lead out; one that came in otherwise is not written.
    static string PathOf(JsonElement item)
    {
        string path = item.Text("path");
        return path.Length > 0 && !path.StartsWith('/') && !path.Split('/').Contains("..") && !path.StartsWith("..", StringComparison.Ordinal)
            ? path
            : throw StrakeException.Invalid($"{path} is no path of a file in a volume");
    }
}
