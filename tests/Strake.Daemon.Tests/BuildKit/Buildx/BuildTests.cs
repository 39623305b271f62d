using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Linux;

namespace Strake.Daemon.Tests.BuildKit.Buildx;

/// <summary>An unchanged buildx drives the server.</summary>
public sealed class BuildTests
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_build_is_ordered_shown_and_named()
    {
        Assert.SkipWhen(BuildxClient.Plugin is null, BuildxClient.Missing);
        var backend = new FakeBackend
        {
            Build = static (_, _, progress, _) =>
            {
                var step = ProgressStep.Of("one", "[app 1/1] RUN echo hello");
                progress.Begin(step);
                progress.Log(step, isError: false, "hello from the step\n"u8);
                progress.Complete(step, isCached: false, error: null);
                var cached = ProgressStep.Of("two", "[app 2/2] COPY . .");
                progress.Begin(cached);
                progress.Complete(cached, isCached: true, error: null);
                return Task.FromResult<Strake.Daemon.BuildKit.IBuildResult>(new FakeResult
                {
                    Export = static (_, _, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["containerimage.config.digest"] = "sha256:" + new string('a', 64),
                        ["containerimage.digest"] = "sha256:" + new string('b', 64),
                        ["image.name"] = "docker.io/library/app:1",
                    }),
                });
            },
        };
        await using ServedBuilds served = await ServedBuilds.StartAsync(backend);
        using var buildx = new BuildxClient(served.SocketPath);
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.At("Dockerfile"), "FROM scratch\n", stop);
        BuildxOutcome outcome = await buildx.RunAsync(
            folder.Path, "build", "-t", "app:1", "--build-arg", "A=1", "--label", "l=v", "--target", "app", "--iidfile", folder.At("iid"), ".");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Contains("[app 1/1] RUN echo hello", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("hello from the step", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("CACHED", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("sha256:" + new string('a', 64), await File.ReadAllTextAsync(folder.At("iid"), stop));
        SolveOrder order = Assert.Single(backend.Orders);
        Assert.Equal("app", order.Target);
        Assert.Equal("1", order.Arguments["A"]);
        Assert.Equal("v", order.Labels["l"]);
        SolveOutput output = Assert.Single(order.Outputs);
        Assert.Equal(SolveOutputKind.Image, output.Kind);
        Assert.Equal(["docker.io/library/app:1"], output.Names.Select(static name => name.StartsWith("docker.io/", StringComparison.Ordinal) ? name : "docker.io/library/" + name));
    }
}
