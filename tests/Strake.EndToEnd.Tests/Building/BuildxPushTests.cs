using Strake.EndToEnd.Tests.Harness;
using Strake.EndToEnd.Tests.Registry;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>What `docker build --push` leaves in a registry.</summary>
public sealed class BuildxPushTests(LoadedEngine loaded, RunningRegistry running) : EngineTests(loaded), IClassFixture<RunningRegistry>
{
    [Fact]
    public async Task A_build_goes_to_a_registry_as_it_ends()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", "FROM busybox\nRUN echo pushed > /f\n");
        var name = running.Registry.Name("built:1");
        await Docker.WithBuildx()!.OkAsync("build", "-q", "--network", "none", "--push", "-t", name, folder.Here);
        await Docker.RunAsync("rmi", name);
        await Docker.OkAsync("pull", "-q", name);
        Assert.Equal("pushed", await Docker.OkAsync("run", "--rm", "--network", "none", name, "cat", "/f"));
        await Docker.OkAsync("rmi", name);
    }
}
