namespace Strake.EndToEnd.Tests.Registry;

/// <summary>A registry for the tests of one class.</summary>
public sealed class RunningRegistry : IAsyncLifetime
{
    /// <summary>The registry.</summary>
    public RegistryServer Registry { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Registry = await RegistryServer.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Registry is not null) await Registry.DisposeAsync();
    }
}
