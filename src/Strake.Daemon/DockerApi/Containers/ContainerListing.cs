using System.Globalization;
using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Which containers <c>docker ps</c> shows.</summary>
/// <param name="containers">The containers.</param>
/// <param name="images">The images, for <c>ancestor</c>.</param>
/// <param name="encoding">How they are shown, for <c>network</c>.</param>
/// <remarks>moby <c>daemon/list.go</c>.</remarks>
sealed class ContainerListing(ContainerEngine containers, ImageStore images, ContainerEncoding encoding)
{
    static readonly string[] s_statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

    /// <summary>Chooses, newest first.</summary>
    /// <exception cref="StrakeException">Invalid: a filter or a value that is none. NotFound: a container to compare with.</exception>
    public async Task<IReadOnlyList<Container>> ChooseAsync(QueryParameters query, CancellationToken cancellationToken)
    {
        Filters filters = Filters.Read(
            query, "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "label!", "name", "network",
            "publish", "since", "status", "volume");
        Check(filters);
        long limit = query.Number("limit") ?? 0;
        bool all = query.Flag("all") || limit > 0 || filters.Has("status") || filters.Has("exited") || filters.Has("before") || filters.Has("since");
        IReadOnlySet<ImageId>? ancestors = await AncestorsAsync(filters, cancellationToken);
        DateTimeOffset? before = await CreatedAsync(filters, "before", cancellationToken);
        DateTimeOffset? since = await CreatedAsync(filters, "since", cancellationToken);
        IEnumerable<Container> chosen = (await containers.ListAsync(cancellationToken))
            .Where(container => all || container.State.IsRunning || container.State.Status is ContainerStatus.Restarting)
            .Where(container => before is null || container.Created < before)
            .Where(container => since is null || container.Created > since)
            .Where(container => ancestors is null || ancestors.Contains(container.ImageId))
            .Where(container => Passes(container, filters));
        return [.. limit > 0 ? chosen.Take((int)Math.Min(limit, int.MaxValue)) : chosen];
    }

    static void Check(Filters filters)
    {
        foreach (string status in filters.Of("status"))
            if (!s_statuses.Contains(status, StringComparer.Ordinal)) throw Filters.Bad("status", status);
        foreach (string code in filters.Of("exited"))
            if (!int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) throw Filters.Bad("exited", code);
        foreach (string health in filters.Of("health"))
            if (health is not ("none" or "starting" or "healthy" or "unhealthy")) throw Filters.Bad("health", health);
        _ = filters.YesOrNo("is-task");
        foreach (string name in (string[])["publish", "expose"])
            foreach (string port in filters.Of(name)) _ = PortRange(name, port);
    }

    bool Passes(Container container, Filters filters) =>
        MatchesName(container, filters)
        && filters.Matches("id", container.Id)
        && filters.AllowLabels(container.Config.Labels)
        && filters.Equal("status", ContainerStatusText.Word(container.State.Status))
        && HasExited(container, filters)
        // Health checks are not run, and no container is a task of a swarm.
        && filters.Equal("health", "none")
        && filters.YesOrNo("is-task") != true
        && OnNetwork(container, filters)
        && Mounts(container, filters)
        && HasPort(filters, "publish", ContainerEncoding.PortsOf(container).Where(port => port.PublicPort > 0).Select(port => (port.PublicPort, port.Type)))
        && HasPort(filters, "expose", ContainerEncoding.PortsOf(container).Select(port => (port.PrivatePort, port.Type)));

    static bool MatchesName(Container container, Filters filters) =>
        filters.Matches("name", container.Name) || filters.Matches("name", "/" + container.Name);

    static bool HasExited(Container container, Filters filters) =>
        !filters.Has("exited")
        || (container.State.FinishedAt is not null && !container.State.IsRunning
            && filters.Of("exited").Any(code => int.Parse(code, CultureInfo.InvariantCulture) == container.State.ExitCode));

    bool OnNetwork(Container container, Filters filters) =>
        !filters.Has("network")
        || encoding.Endpoints(container).Any(endpoint => filters.Of("network").Any(wanted =>
            string.Equals(endpoint.Key, wanted, StringComparison.Ordinal)
            || (wanted.Length > 0 && endpoint.Value.NetworkID.StartsWith(wanted, StringComparison.Ordinal))));

    static bool Mounts(Container container, Filters filters) =>
        !filters.Has("volume")
        || container.Mounts.Any(mount => filters.Of("volume").Any(wanted =>
            string.Equals(mount.Name, wanted, StringComparison.Ordinal)
            || string.Equals(mount.Source, wanted, StringComparison.Ordinal)
            || string.Equals(mount.Destination, wanted, StringComparison.Ordinal)));

    // "80", "80/tcp", "8000-8010/tcp"
    static bool HasPort(Filters filters, string name, IEnumerable<(int Port, string Protocol)> ports)
    {
        if (!filters.Has(name)) return true;
        List<(int Port, string Protocol)> open = [.. ports];
        return filters.Of(name).Select(value => PortRange(name, value)).ToList()
            .Exists(range => open.Exists(port => port.Port >= range.First && port.Port <= range.Last && string.Equals(port.Protocol, range.Protocol, StringComparison.Ordinal)));
    }

    static (int First, int Last, string Protocol) PortRange(string name, string value)
    {
        string[] parts = value.Split('/');
        string[] ends = parts[0].Split('-');
        if (parts.Length > 2 || ends.Length > 2) throw Filters.Bad(name, value);
        return (Port(ends[0]), Port(ends[^1]), parts.Length == 2 ? parts[1] : "tcp");

        int Port(string text) =>
            ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : throw Filters.Bad(name, value);
    }

    async Task<IReadOnlySet<ImageId>?> AncestorsAsync(Filters filters, CancellationToken cancellationToken)
    {
        if (!filters.Has("ancestor")) return null;
        var found = new HashSet<ImageId>();
        IReadOnlyList<ImageSummary> all = await images.ListAsync(new ImageQuery { All = true }, cancellationToken);
        foreach (string name in filters.Of("ancestor"))
        {
            if (await images.FindAsync(name, cancellationToken) is not { } image) continue;
            found.Add(image.Id);
            AddDescendants(image.Record.Layers, all, found);
        }

        return found;
    }

    // An image descends from another when it has all of its layers, lowest first.
    static void AddDescendants(IReadOnlyList<LayerRecord> layers, IReadOnlyList<ImageSummary> all, HashSet<ImageId> found)
    {
        foreach (ImageSummary image in all)
        {
            bool descends = layers.Count > 0 && image.Record.Layers.Count >= layers.Count
                && image.Record.Layers.Take(layers.Count).Select(layer => layer.DiffId).SequenceEqual(layers.Select(layer => layer.DiffId));
            if (descends) found.Add(image.Id);
        }
    }

    async Task<DateTimeOffset?> CreatedAsync(Filters filters, string name, CancellationToken cancellationToken)
    {
        DateTimeOffset? found = null;
        foreach (string reference in filters.Of(name)) found = (await containers.GetAsync(reference, cancellationToken)).Created;
        return found;
    }
}
