using System.Globalization;
using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>
/// The daemon is killed while hundreds of claims are in flight, at many of its write boundaries. After each restart all claims come to be bound one to one,
/// and no volume is without its claim; killed while they are deleted, it leaves nothing.
/// </summary>
public sealed class ClaimDeathTests
{
    const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    const string Volumes = "/api/v1/persistentvolumes";
    const int Each = 250;

    // Primes, that they fall on every kind of write; ever farther apart, for what comes late is like what comes early. All where STRAKE_TEST_FACTOR asks for more.
    static readonly int[] s_points = Environment.GetEnvironmentVariable("STRAKE_TEST_FACTOR") is { Length: > 0 }
        ? [1, 2, 3, 5, 11, 23, 47, 97, 199, 401, 797, 1601] : [1, 5, 47, 199, 797];

    [Fact]
    public async Task No_kill_leaves_a_claim_half_bound_or_a_volume_without_its_claim()
    {
        Assert.SkipUnless(Engine.IsStrake, "the fault points are Strake's");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "127.0.0.1:0"] });
        using (var api = new ApiClient(engine))
        {
            await api.CreateAsync("/apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"made"},"provisioner":"strake.csi"}""");
            await InParallelAsync(number => api.CreateAsync(Volumes, Volume(number)));
        }

        var killed = 0;
        foreach (var point in s_points)
        {
            killed += await DiesAtAsync(engine, point, async api =>
                await InParallelAsync(number => api.CreateAsync(Claims, Claim($"static{number}", "")), number => api.CreateAsync(Claims, Claim($"made{number}", "made")))) ? 1 : 0;
            using (var api = new ApiClient(engine))
            {
                // What the kill refused is asked for again, as an orchestrator does.
                await InParallelAsync(number => api.CreateAsync(Claims, Claim($"static{number}", "")), number => api.CreateAsync(Claims, Claim($"made{number}", "made")));
                await Until.TrueAsync(async () => (await api.ListAsync(Claims)).All(static claim => Phase(claim) == "Bound"), $"all claims are bound after a kill at point {point}", TimeSpan.FromMinutes(2));
                await AreOneToOneAsync(engine, api);
            }

            killed += await DiesAtAsync(engine, point, async api =>
                await InParallelAsync(number => api.DeleteAsync($"{Claims}/static{number}"), number => api.DeleteAsync($"{Claims}/made{number}"))) ? 1 : 0;
            using (var api = new ApiClient(engine))
            {
                await InParallelAsync(number => api.DeleteAsync($"{Claims}/static{number}"), number => api.DeleteAsync($"{Claims}/made{number}"));
                await Until.TrueAsync(async () => (await api.ListAsync(Claims)).Length == 0, $"all claims are gone after a kill at point {point}", TimeSpan.FromMinutes(2));
                await Until.TrueAsync(
                    async () => (await api.ListAsync(Volumes)).All(static volume => volume["spec"]!["hostPath"] is not null && Phase(volume) == "Released"),
                    $"only the volumes made by hand are left after a kill at point {point}", TimeSpan.FromMinutes(2));
                Assert.Equal("", await engine.Docker.OkAsync("volume", "ls", "-q"));
                await InParallelAsync(number => api.DeleteAsync($"{Volumes}/static{number}"));
                await Until.TrueAsync(async () => (await api.ListAsync(Volumes)).Length == 0, "the volumes made by hand are gone");
                await InParallelAsync(number => api.CreateAsync(Volumes, Volume(number)));
            }
        }

        Assert.InRange(killed, s_points.Length, int.MaxValue);
        (await engine.FsckAsync()).Ok();
    }

    // Whether it died.
    static async Task<bool> DiesAtAsync(Engine engine, int point, Func<ApiClient, Task> work)
    {
        var (arm, log) = (engine.NewPath(), engine.NewPath());
        await engine.StopAsync();
        await engine.LaunchAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["STRAKE_FAULT"] = "#" + point.ToString(CultureInfo.InvariantCulture),
            ["STRAKE_FAULT_ARM"] = arm,
            ["STRAKE_FAULT_LOG"] = log,
        });
        using (var api = new ApiClient(engine))
        {
            await File.WriteAllTextAsync(arm, "", TestContext.Current.CancellationToken);
            await work(api);
        }

        var died = await DiesAsync(log);
        File.Delete(arm);
        if (died) await engine.DaemonEndsAsync();
        else await engine.KillAsync();
        await engine.LaunchAsync();
        return died;
    }

    // The controllers work on when the calls are over. Where all is done before the point is reached, it does not die.
    static async Task<bool> DiesAsync(string log)
    {
        try
        {
            await Until.TrueAsync(() => File.Exists(log), "it dies", TimeSpan.FromSeconds(3));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    static async Task AreOneToOneAsync(Engine engine, ApiClient api)
    {
        var claims = await api.ListAsync(Claims);
        var volumes = (await api.ListAsync(Volumes)).Where(static volume => Phase(volume) == "Bound").ToArray();
        Assert.Equal(2 * Each, claims.Length);
        Assert.Equal(
            claims.Select(static claim => $"{claim["spec"]!["volumeName"]} {claim["metadata"]!["uid"]}").Order(StringComparer.Ordinal),
            volumes.Select(static volume => $"{volume["metadata"]!["name"]} {volume["spec"]!["claimRef"]!["uid"]}").Order(StringComparer.Ordinal));
        Assert.Equal(Each, (await engine.Docker.OkAsync("volume", "ls", "-q")).Split('\n').Length);
    }

    static Task InParallelAsync(params Func<int, Task<bool>>[] works) =>
        Task.WhenAll(works.SelectMany(static work => Enumerable.Range(0, Each).Select(work)));

    static string? Phase(JsonNode item) => item["status"]?["phase"]?.GetValue<string>();

    static string Volume(int number) => $$$$"""
        {"metadata":{"name":"static{{{{number}}}}"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/tmp/strake-none"}}}
        """;

    static string Claim(string name, string ofClass) => $$$$$"""
        {"metadata":{"name":"{{{{{name}}}}}"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"{{{{{ofClass}}}}}","resources":{"requests":{"storage":"1Gi"}}}}
        """;
}
