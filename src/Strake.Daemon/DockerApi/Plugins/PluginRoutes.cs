using Microsoft.AspNetCore.Http;
using Strake.Containers.Plugins;
using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Managed plugins: <c>/plugins</c>.</summary>
/// <param name="plugins">The plugins.</param>
sealed class PluginRoutes(PluginStore plugins)
{
    const string AuthHeader = "X-Registry-Auth";

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/plugins", ListAsync, "filters"),
        new("GET", "/plugins/privileges", PrivilegesAsync, "remote"),
        new("GET", "/plugins/{name...}/json", InspectAsync),
        new("POST", "/plugins/create", CreateAsync, "name"),
        new("POST", "/plugins/pull", PullAsync, "remote", "name"),
        new("POST", "/plugins/{name...}/enable", EnableAsync, "timeout"),
        new("POST", "/plugins/{name...}/disable", DisableAsync, "force"),
        new("POST", "/plugins/{name...}/set", SetAsync),
        new("POST", "/plugins/{name...}/push", PushAsync),
        new("POST", "/plugins/{name...}/upgrade", UpgradeAsync, "remote"),
        new("DELETE", "/plugins/{name...}", RemoveAsync, "force"),
    ];

    Task ListAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "capability", "enabled");
        bool? enabled = filters.YesOrNo("enabled");
        IReadOnlyList<PluginBody> rows =
        [
            .. plugins.List()
                .Where(plugin => enabled is null || plugin.IsEnabled == enabled)
                .Where(plugin => !filters.Has("capability") || plugin.Config.Interface.Types.Any(type => filters.Of("capability").Contains(CapabilityOf(type), StringComparer.OrdinalIgnoreCase)))
                .Select(Encode),
        ];
        return exchange.WriteJsonAsync(rows, DockerJson.Plain.IReadOnlyListPluginBody);
    }

    Task InspectAsync(Exchange exchange) => exchange.WriteJsonAsync(Encode(plugins.Get(exchange.Route["name"])), DockerJson.Plain.PluginBody);

    async Task PrivilegesAsync(Exchange exchange)
    {
        IReadOnlyList<PluginPrivilege> wanted = await plugins.PrivilegesAsync(Required(exchange, "remote"), Credentials(exchange), exchange.Aborted);
        await exchange.WriteJsonAsync(wanted, DockerJson.Plain.IReadOnlyListPluginPrivilege);
    }

    async Task CreateAsync(Exchange exchange)
    {
        await plugins.CreateAsync(Required(exchange, "name"), exchange.Http.Request.Body, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task PullAsync(Exchange exchange)
    {
        IReadOnlyList<PluginPrivilege> granted = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.IReadOnlyListPluginPrivilege) ?? [];
        string remote = Required(exchange, "remote");
        // The client asks for the plugin by this name, as soon as it is there.
        exchange.Http.Response.Headers["Docker-Plugin-Name"] = ImageReference.Parse(exchange.Query.Text("name") ?? remote).OrLatest().Familiar;
        await TransferAsync(exchange, async lines =>
        {
            string digest = await plugins.PullAsync(remote, exchange.Query.Text("name"), granted, Credentials(exchange), exchange.Aborted);
            await lines.WriteAsync(new ProgressLine { Status = $"Digest: {digest}" });
            await lines.WriteAsync(new ProgressLine { Status = $"Status: Downloaded newer image for {remote}" });
        });
    }

    async Task UpgradeAsync(Exchange exchange)
    {
        IReadOnlyList<PluginPrivilege> granted = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.IReadOnlyListPluginPrivilege) ?? [];
        string name = exchange.Route["name"];
        string remote = exchange.Query.Text("remote") ?? name;
        await TransferAsync(exchange, async lines =>
        {
            await plugins.UpgradeAsync(name, remote, granted, Credentials(exchange), exchange.Aborted);
            await lines.WriteAsync(new ProgressLine { Status = $"Status: Downloaded newer image for {remote}" });
        });
    }

    Task PushAsync(Exchange exchange) => TransferAsync(exchange, async lines =>
    {
        await lines.WriteAsync(new ProgressLine { Status = $"The push refers to repository [{ImageReference.Parse(plugins.Get(exchange.Route["name"]).Name).Name}]" });
        string digest = await plugins.PushAsync(exchange.Route["name"], Credentials(exchange), exchange.Aborted);
        await lines.WriteAsync(new ProgressLine { Status = $"digest: {digest}" });
    });

    async Task EnableAsync(Exchange exchange)
    {
        await plugins.EnableAsync(exchange.Route["name"], TimeSpan.FromSeconds(Math.Clamp(exchange.Query.Number("timeout") ?? 0, 0, 3600)), exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }

    async Task DisableAsync(Exchange exchange)
    {
        await plugins.DisableAsync(exchange.Route["name"], exchange.Query.Flag("force"), exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }

    async Task SetAsync(Exchange exchange)
    {
        await plugins.SetAsync(exchange.Route["name"], await exchange.ReadJsonAsync(DockerJson.Plain.IReadOnlyListString), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task RemoveAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        PluginBody gone = Encode(plugins.Get(name));
        await plugins.RemoveAsync(name, exchange.Query.Flag("force"), exchange.Aborted);
        await exchange.WriteJsonAsync(gone, DockerJson.Plain.PluginBody);
    }

    static async Task TransferAsync(Exchange exchange, Func<ProgressStream, Task> transfer)
    {
        var lines = new ProgressStream(exchange);
        await lines.RunOrRefuseAsync(() => transfer(lines));
    }

    static RegistryCredentials? Credentials(Exchange exchange) => RegistryCredentials.Parse(exchange.Http.Request.Headers[AuthHeader]);

    static string Required(Exchange exchange, string name) =>
        exchange.Query.Text(name) ?? throw StrakeException.Invalid($"the parameter {name} is missing");

    // docker.volumedriver/1.0 is the capability volumedriver.
    static string CapabilityOf(string type) => type[(type.IndexOf('.', StringComparison.Ordinal) + 1)..].Split('/')[0];

    static PluginBody Encode(ManagedPlugin plugin) => new(plugin.Id, plugin.Name, plugin.IsEnabled, plugin.Settings, plugin.Remote, plugin.Config);
}
