namespace Strake.EndToEnd.Tests.Harness;

/// <summary>An engine for the tests of one class, with busybox in it.</summary>
public sealed class LoadedEngine : IAsyncLifetime
{
    /// <summary>The engine.</summary>
    public Engine Engine { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Engine = await Engine.StartAsync();
        await Engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Engine is not null) await Engine.DisposeAsync();
    }
}
