using Strake.Csi.Registration;

namespace Strake.Volumes.Tests.Csi;

/// <summary>Drivers that register as they do with a kubelet.</summary>
public sealed class CsiRegistryTests : IAsyncLifetime
{
    readonly CsiFixture fixture = new();
    FakeCsiDriver driver = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string Registrar => Path.Combine(fixture.Registry, "fake-reg.sock");

    public async ValueTask InitializeAsync() => driver = await fixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        await driver.DisposeAsync();
    }

    [Fact]
    public async Task A_driver_registers_goes_and_comes_back()
    {
        VolumeStore volumes = await fixture.OpenAsync(isConfigured: false);
        await CsiFixture.UntilAsync(() => Directory.Exists(fixture.Registry), "the folder is there");
        IAsyncDisposable registrar = await driver.RegisterAsync(Registrar);
        Assert.True((await driver.Registered.Task.WaitAsync(Token)).PluginRegistered);
        await CsiFixture.UntilAsync(() => fixture.Drivers.Find(CsiFixture.Driver) is not null, "the driver is known");
        await volumes.CreateAsync(new("data") { Driver = CsiFixture.Driver }, Token);

        await registrar.DisposeAsync();
        await CsiFixture.UntilAsync(() => fixture.Drivers.Find(CsiFixture.Driver)!.Connection is null, "the driver is gone");
        Assert.Equal("data", Assert.Single((await volumes.ListAllAsync(Token)).Volumes).Name);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.RemoveAsync("data", force: false, Token));

        await using (await driver.RegisterAsync(Registrar))
        {
            await driver.Registered.Task.WaitAsync(Token);
            await CsiFixture.UntilAsync(() => fixture.Drivers.Find(CsiFixture.Driver)!.Connection is not null, "the driver is back");
            await volumes.RemoveAsync("data", force: false, Token);
        }
    }

    [Fact]
    public async Task A_registrar_that_is_there_before_the_engine_is_asked_again_by_each_run()
    {
        Directory.CreateDirectory(fixture.Registry);
        await using IAsyncDisposable registrar = await driver.RegisterAsync(Registrar);
        for (int run = 0; run < 2; run++)
        {
            await fixture.OpenAsync(isConfigured: false);
            await CsiFixture.UntilAsync(() => fixture.Drivers.Find(CsiFixture.Driver) is not null, "the driver is known");
        }
    }

    [Fact]
    public async Task Who_is_not_what_it_says_is_told_so()
    {
        await fixture.OpenAsync(isConfigured: false);
        await CsiFixture.UntilAsync(() => Directory.Exists(fixture.Registry), "the folder is there");
        await File.WriteAllTextAsync(Path.Combine(fixture.Registry, "no-socket"), "x", Token);
        await using (await driver.RegisterAsync(Registrar, version: "2.0.0"))
        {
            RegistrationStatus refused = await driver.Registered.Task.WaitAsync(Token);
            Assert.False(refused.PluginRegistered);
            Assert.Contains("2.0.0", refused.Error, StringComparison.Ordinal);
        }

        Assert.Null(fixture.Drivers.Find(CsiFixture.Driver));
    }
}
