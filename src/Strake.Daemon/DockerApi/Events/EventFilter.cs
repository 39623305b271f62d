using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Which events a reader wants.</summary>
/// <param name="filters">What the client gave.</param>
/// <remarks>moby <c>daemon/events/filter.go</c>.</remarks>
sealed class EventFilter(Filters filters)
{
    /// <summary>The names that a client may give.</summary>
    public static string[] Names { get; } =
        ["config", "container", "daemon", "event", "image", "label", "label!", "network", "node", "plugin", "scope", "secret", "service", "type", "volume"];

    /// <summary>Whether the reader wants an event.</summary>
    public bool Wants(EngineEvent happened) =>
        WantsAction(happened.Action)
        && filters.Equal("type", happened.Type)
        && filters.Equal("scope", "local")
        && WantsImage(happened)
        && WantsObject("container", happened)
        && WantsObject("volume", happened)
        && WantsObject("network", happened)
        && s_absent.All(type => !filters.Has(type))
        && filters.AllowLabels(happened.Attributes);

    static readonly string[] s_absent = ["config", "daemon", "node", "plugin", "secret", "service"];

    // "exec_create" means "exec_create: sh" as well.
    bool WantsAction(string action) =>
        filters.Of("event").Any(name => name is "health_status" or "exec_create" or "exec_start") ? filters.Begins("event", action) : filters.Equal("event", action);

    bool WantsObject(string type, EngineEvent happened)
    {
        if (!filters.Has(type)) return true;
        if (!string.Equals(happened.Type, type, StringComparison.Ordinal)) return false;
        return filters.Begins(type, happened.ActorId)
            || (happened.Attributes.TryGetValue("name", out string? name) && filters.Of(type).Any(wanted => string.Equals(wanted.TrimStart('/'), name, StringComparison.Ordinal)));
    }

    // By id or name of the image, with or without its tag; of a container's event, by the image that it runs on.
    bool WantsImage(EngineEvent happened)
    {
        if (!filters.Has("image")) return true;
        string name = happened.Attributes.GetValueOrDefault(happened.Type is "image" ? "name" : "image", "");
        return filters.Equal("image", happened.ActorId) || filters.Equal("image", name) || filters.Equal("image", WithoutTag(name))
            || filters.Of("image").Any(wanted => string.Equals(WithoutTag(wanted), WithoutTag(name), StringComparison.Ordinal) && wanted == WithoutTag(wanted));
    }

    static string WithoutTag(string name) => ImageReference.TryParse(name, out ImageReference? reference) ? reference.FamiliarName : name;
}
