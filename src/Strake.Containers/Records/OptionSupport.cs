using System.Collections.ObjectModel;
using System.Text.Json;

namespace Strake.Containers;

/// <summary>
/// Refuses what is not offered: a member of a request that nothing reads may be there with the value that means nothing,
/// and not with any other, so that no wish of a user is silently dropped.
/// </summary>
public static class OptionSupport
{
    /// <summary>Checks a whole create request.</summary>
    /// <param name="request">The request as decoded.</param>
    /// <exception cref="StrakeException">NotSupported: names every member that is not offered.</exception>
    public static void Verify(ContainerRequest request)
    {
        List<string> refused = [];
        Collect("", request.Config.Unsupported, refused);
        Collect("HostConfig.", request.Host.Unsupported, refused);
        foreach (MountRequest mount in request.Host.Mounts ?? [])
            Collect("HostConfig.Mounts.", mount.Unsupported, refused);
        CollectValues(request.Host, refused);
        if (refused.Count > 0)
            throw StrakeException.NotSupported(string.Join("; ", refused.Select(name => $"{name} is not supported yet")));
    }

    static void CollectValues(HostSettings host, List<string> refused)
    {
        if (host.Init == true)
            refused.Add("HostConfig.Init");
        if (host.Isolation is { Length: > 0 } isolation && !isolation.Equals("default", StringComparison.OrdinalIgnoreCase))
            refused.Add("HostConfig.Isolation");
        if (host.LogConfig?.Type is { Length: > 0 } driver && driver is not ("json-file" or "none"))
            refused.Add($"HostConfig.LogConfig.Type {driver}");
        foreach (string option in host.LogConfig?.Config?.Keys ?? [])
        {
            if (option is not "max-size")
                refused.Add($"HostConfig.LogConfig.Config {option}");
        }
    }

    static void Collect(string prefix, IDictionary<string, JsonElement>? members, List<string> refused)
    {
        foreach ((string name, JsonElement value) in members ?? ReadOnlyDictionary<string, JsonElement>.Empty)
        {
            if (!MeansNothing(name, value))
                refused.Add(prefix + name);
        }
    }

    // What clients send for "not asked for": Go's zero values, and -1 where Docker's client sends it.
    static bool MeansNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => true,
        JsonValueKind.True => false,
        JsonValueKind.Number => value.TryGetInt64(out long number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => name.Equals("Healthcheck", StringComparison.OrdinalIgnoreCase)
            ? IsNoHealthcheck(value)
            : value.EnumerateObject().All(member => MeansNothing(member.Name, member.Value)),
        _ => throw new InvalidOperationException($"JSON has no kind {value.ValueKind}."),
    };

    // --no-healthcheck sends {"Test":["NONE"]}; an empty object inherits the image's, which is not run either.
    static bool IsNoHealthcheck(JsonElement value) =>
        value.EnumerateObject().All(member => member.NameEquals("Test")
            ? member.Value.ValueKind == JsonValueKind.Null
                || (member.Value.ValueKind == JsonValueKind.Array
                    && member.Value.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String && word.ValueEquals("NONE")))
            : MeansNothing(member.Name, member.Value));
}
