using Strake.Daemon.Server;

namespace Strake.Daemon.Composition;

/// <summary>Strake's own calls beside Docker's: <c>/strake</c>.</summary>
/// <param name="engine">The engine.</param>
sealed class StoreCheckRoutes(Engine engine)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All => [new("POST", "/strake/fsck", CheckAsync)];

    async Task CheckAsync(Exchange exchange)
    {
        IReadOnlyList<string> findings = await new StoreCheck(engine).RunAsync(exchange.Aborted);
        await exchange.WriteJsonAsync(new StoreCheckReport(findings), StoreCheckJson.Default.StoreCheckReport);
    }
}
