using System.Collections.ObjectModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strake.Daemon.Server;
using Strake.Volumes;

namespace Strake.Daemon.DockerApi;

/// <summary>Volumes: <c>/volumes</c>.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="log">Receives what a prune could not remove.</param>
sealed class VolumeRoutes(VolumeStore volumes, ILogger log)
{
    // Before this version a prune took all unused volumes, named ones too.
    static readonly ApiVersion s_anonymousOnly = new(1, 42);

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/volumes", ListAsync, "filters"),
        new("GET", "/volumes/{name}", InspectAsync),
        new("POST", "/volumes/create", CreateAsync),
        new("POST", "/volumes/prune", PruneAsync, "filters"),
        new("DELETE", "/volumes/{name}", RemoveAsync, "force"),
    ];

    async Task ListAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "dangling", "driver", "name", "label", "label!");
        bool? dangling = filters.YesOrNo("dangling");
        var rows = new List<VolumeBody>();
        IReadOnlyDictionary<string, int> uses = dangling is null ? ReadOnlyDictionary<string, int>.Empty : await volumes.Uses.CountsAsync(exchange.Aborted);
        VolumeListing listing = await volumes.ListAllAsync(exchange.Aborted);
        foreach (Volume volume in listing.Volumes)
        {
            bool wanted = filters.Equal("driver", volume.Driver) && filters.Matches("name", volume.Name) && filters.AllowLabels(volume.Labels);
            if (!wanted) continue;
            if (dangling is { } unused && unused == uses.ContainsKey(volume.Name)) continue;
            rows.Add(Encode(volume));
        }

        await exchange.WriteJsonAsync(new VolumeListBody(rows, listing.Warnings.Count == 0 ? null : listing.Warnings), DockerJson.Plain.VolumeListBody);
    }

    async Task InspectAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        Volume volume = await volumes.InspectAsync(name, exchange.Aborted) ?? throw StrakeException.NotFound($"get {name}: no such volume");
        await exchange.WriteJsonAsync(Encode(volume), DockerJson.Plain.VolumeBody);
    }

    async Task CreateAsync(Exchange exchange)
    {
        VolumeCreateBody body = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.VolumeCreateBody) ?? new VolumeCreateBody();
        UnsupportedMembers.Refuse("", body.Unsupported);
        var request = new VolumeRequest(body.Name)
        {
            Driver = body.Driver ?? "",
            DriverOptions = body.DriverOpts ?? ReadOnlyDictionary<string, string>.Empty,
            Labels = body.Labels ?? ReadOnlyDictionary<string, string>.Empty,
        };
        Volume volume = await volumes.CreateAsync(request, exchange.Aborted);
        await exchange.WriteJsonAsync(Encode(volume), DockerJson.Plain.VolumeBody, StatusCodes.Status201Created);
    }

    async Task RemoveAsync(Exchange exchange)
    {
        await volumes.RemoveAsync(exchange.Route["name"], exchange.Query.Flag("force"), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task PruneAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "label", "label!", "all");
        bool named = filters.YesOrNo("all") ?? exchange.Version < s_anonymousOnly;
        VolumePruneReport report = await volumes.PruneAsync(
            volume => (named || volume.IsAnonymous) && filters.AllowLabels(volume.Labels), exchange.Aborted);
        PruneFailures.Tell(report.Failures, report.Deleted.Count > 0, log);
        await exchange.WriteJsonAsync(new VolumePruneBody(report.Deleted, report.ReclaimedBytes), DockerJson.Plain.VolumePruneBody);
    }

    /// <summary>A volume as clients read it.</summary>
    public static VolumeBody Encode(Volume volume) => new()
    {
        CreatedAt = volume.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        Driver = volume.Driver,
        Labels = volume.Labels.Count == 0 ? null : volume.Labels,
        Mountpoint = volume.Mountpoint,
        Name = volume.Name,
        Options = volume.Options.Count == 0 ? null : volume.Options,
        Scope = volume.Scope,
        Status = volume.Status,
    };
}
