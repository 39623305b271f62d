namespace Strake.Containers.Tests.Engine;

public sealed class VolumeTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_named_volume_outlives_its_containers_and_is_filled_from_the_image()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult first = await host.RunAsync(["sh", "-c", "cat /data/from-image; echo kept > /data/kept"], host: static settings => settings with { Binds = ["vol:/data"] });
        await host.Engine.RemoveAsync(first.Id, new RemoveOptions(Volumes: true), Token);
        RunResult second = await host.RunAsync(["cat", "/data/kept"], host: static settings => settings with { Binds = ["vol:/data:ro"] });

        Assert.Equal("image content\n", first.Output);
        Assert.Equal("kept\n", second.Output);
        Assert.Equal(ErrorKind.InUse, (await Assert.ThrowsAsync<StrakeException>(() => host.Volumes.RemoveAsync("vol", false, Token))).Kind);
        await host.AssertNothingIsLeftAsync();
        await host.Volumes.RemoveAsync("vol", false, Token);
    }

    [Fact]
    public async Task Anonymous_volumes_go_with_rm_v_alone()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer first = await host.CreateAsync(["true"], static config => config with { Volumes = new Dictionary<string, Empty> { ["/a"] = Empty.Value } }, static settings => settings with { Binds = ["/b"] });
        CreatedContainer second = await host.CreateAsync(["true"], host: static settings => settings with { Binds = ["/c"] });

        Assert.Equal(3, (await host.Volumes.ListAsync(Token)).Count);
        await host.Engine.RemoveAsync(first.Id, new RemoveOptions(), Token);
        Assert.Equal(3, (await host.Volumes.ListAsync(Token)).Count);
        await host.Engine.RemoveAsync(second.Id, new RemoveOptions(Volumes: true), Token);
        Assert.Equal(2, (await host.Volumes.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task Lent_to_another_container_an_anonymous_volume_goes_with_the_last_of_them()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer first = await host.CreateAsync(["true"], host: static settings => settings with { Binds = ["/a", "vol:/b"] }, name: "first");
        CreatedContainer second = await host.CreateAsync(["true"], host: static settings => settings with { VolumesFrom = ["first"] });

        await host.Engine.RemoveAsync(first.Id, new RemoveOptions(Volumes: true), Token);
        Assert.Equal(2, (await host.Volumes.ListAsync(Token)).Count);
        await host.Engine.RemoveAsync(second.Id, new RemoveOptions(Volumes: true), Token);
        Assert.Equal("vol", Assert.Single(await host.Volumes.ListAsync(Token)).Name);
    }

    /// <summary>It was taken for one that the failed creation had made.</summary>
    [Fact]
    public async Task A_creation_that_fails_takes_along_what_it_made_and_no_anonymous_volume_that_was_there()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer old = await host.CreateAsync(["true"], host: static settings => settings with { Binds = ["/a"] });
        await host.Engine.RemoveAsync(old.Id, new RemoveOptions(), Token);
        string kept = Assert.Single(await host.Volumes.ListAsync(Token)).Name;
        await File.WriteAllTextAsync($"{host.DataRoot}/volumes/{kept}/_data/file", "precious", Token);

        await Assert.ThrowsAsync<StrakeException>(() => host.CreateAsync(["true"], host: settings => settings with
        {
            Binds = [$"{kept}:/a", "/new"],
            Mounts = [new MountRequest { Type = "volume", Source = "bad", Target = "/b", VolumeOptions = new VolumeOptions { DriverConfig = new VolumeDriverSettings(null, new Dictionary<string, string> { ["foo"] = "bar" }) } }],
        }));

        Assert.Equal(kept, Assert.Single(await host.Volumes.ListAsync(Token)).Name);
        Assert.Equal("precious", await File.ReadAllTextAsync($"{host.DataRoot}/volumes/{kept}/_data/file", Token));
    }

    [Fact]
    public async Task Binds_tmpfs_and_modes_are_as_asked()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string source = $"{host.DataRoot}/bind";
        Directory.CreateDirectory(source);
        await File.WriteAllTextAsync($"{source}/file", "from host\n", Token);

        RunResult result = await host.RunAsync(
            ["sh", "-c", "cat /rw/file; echo x > /rw/new; echo x > /ro/new; df -k /t | tail -1; stat -c %a /t; ls /made"],
            host: settings => settings with
            {
                Binds = [$"{source}:/rw", $"{source}:/ro:ro", $"{host.DataRoot}/not/there:/made"],
                Mounts = [new MountRequest { Type = "tmpfs", Target = "/t", TmpfsOptions = new TmpfsOptions { SizeBytes = 1 << 20, Mode = 0b111_000_000 } }],
            });

        Assert.StartsWith("from host\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(" 1024 ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n700\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("/ro/new: Read-only file system", result.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists($"{source}/new"));
        Assert.True(Directory.Exists($"{host.DataRoot}/not/there"));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_mount_of_a_source_that_is_not_there_is_refused_at_once()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        StrakeException error = await Assert.ThrowsAsync<StrakeException>(
            () => host.CreateAsync(["true"], host: static settings => settings with { Mounts = [new MountRequest { Type = "bind", Source = "/not/there", Target = "/x" }] }));

        Assert.Equal("invalid mount config for type \"bind\": bind source path does not exist: /not/there", error.Message);
    }

    [Fact]
    public async Task A_working_directory_in_a_volume_is_made_there()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult result = await host.RunAsync(["sh", "-c", "pwd; touch here"], static config => config with { WorkingDir = "/vol/sub" }, static settings => settings with { Binds = ["vol:/vol"] });

        Assert.Equal("/vol/sub\n", result.Output);
        Assert.True(File.Exists($"{host.DataRoot}/volumes/vol/_data/sub/here"));
    }

    [Fact]
    public async Task Volumes_of_another_container_are_shared()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer owner = await host.CreateAsync(["sh", "-c", "echo shared > /v/file"], host: static settings => settings with { Binds = ["vol:/v"] }, name: "owner");
        await host.Engine.StartAsync(owner.Id, Token);
        await host.Engine.WaitAsync(owner.Id, WaitCondition.NotRunning, Token);

        RunResult result = await host.RunAsync(["sh", "-c", "cat /v/file; echo x > /v/file"], host: static settings => settings with { VolumesFrom = ["owner:ro"] });

        Assert.Equal("shared\n", result.Output);
        Assert.Contains("Read-only file system", result.Errors, StringComparison.Ordinal);
    }
}
