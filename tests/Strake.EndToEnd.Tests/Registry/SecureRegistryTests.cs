using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>A registry with TLS and users, known to the engine by a <c>hosts.toml</c>.</summary>
public sealed class SecureRegistryTests
{
    [Fact]
    public async Task Who_has_logged_in_pushes_and_pulls_and_nobody_else_does()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var root = await TestRoot.CreateAsync();
        var security = new RegistrySecurity(root.Folder("tls"));
        await using var registry = await RegistryServer.StartAsync(security);
        WriteHosts(root, "secure.test", registry, $"ca = \"{security.Authority}\"");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--registry-hosts", root.Folder("hosts")] });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        await engine.Docker.OkAsync("tag", "busybox", "secure.test/mine:1");
        var id = await engine.Docker.ValueAsync("busybox", "{{.Id}}");

        Assert.Contains("no basic auth credentials", await engine.Docker.RefusedAsync("push", "secure.test/mine:1"), StringComparison.Ordinal);
        Assert.Contains("no basic auth credentials", await engine.Docker.RefusedAsync("pull", "secure.test/mine:1"), StringComparison.Ordinal);
        Assert.Contains("failed with status: 401 Unauthorized", await engine.Docker.RefusedAsync("login", "secure.test", "-u", RegistrySecurity.User, "-p", "wrong"), StringComparison.Ordinal);
        Assert.Contains("Login Succeeded", await engine.Docker.OkAsync("login", "secure.test", "-u", RegistrySecurity.User, "-p", RegistrySecurity.Password), StringComparison.Ordinal);

        await engine.Docker.OkAsync("push", "secure.test/mine:1");
        await engine.Docker.OkAsync("rmi", "-f", id);
        await engine.Docker.OkAsync("pull", "secure.test/mine:1");
        Assert.Equal(id, await engine.Docker.ValueAsync("secure.test/mine:1", "{{.Id}}"));
        Assert.Equal("hello", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "secure.test/mine:1", "echo", "hello"));
        Assert.DoesNotContain(RegistrySecurity.Password, await File.ReadAllTextAsync(engine.LogPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await engine.FsckAsync()).Ok();
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_and_taken_where_the_user_says_so()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var registry = await RegistryServer.StartAsync(new RegistrySecurity(root.Folder("tls")));
        WriteHosts(root, "doubtful.test", registry, "");
        WriteHosts(root, "trusted.test", registry, "skip_verify = true");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--registry-hosts", root.Folder("hosts")] });
        var said = await engine.Docker.RefusedAsync("pull", "doubtful.test/mine:1");
        Assert.Contains("tls: failed to verify certificate", said, StringComparison.Ordinal);
        // Loopback may always be insecure, as with Docker: the request gets as far as the question who asks.
        foreach (var host in (string[])["trusted.test", registry.Host])
            Assert.Contains("no basic auth credentials", await engine.Docker.RefusedAsync("pull", $"{host}/mine:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_of_Docker_Hub_answers_for_it_and_info_names_it()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var mirror = await RegistryServer.StartAsync();
        await RegistryServer.SkopeoAsync(
            "copy", "-q", "--dest-tls-verify=false", "docker-archive:" + TestSetting.Image("busybox.docker.tar"), "docker://" + mirror.Name("library/busybox:1.35"));
        await using var engine = await Engine.StartAsync(new EngineOptions
        {
            Arguments = ["--registry-mirror", "http://" + mirror.Host, "--insecure-registry", "old.test:5000", "--insecure-registry", "10.9.0.0/16"],
        });
        Assert.Equal("docker.io/library/busybox:1.35", await engine.Docker.OkAsync("pull", "-q", "busybox:1.35"));
        Assert.Equal("hello", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "busybox:1.35", "echo", "hello"));

        var told = await engine.Docker.OkAsync("info");
        Assert.Contains(" Insecure Registries:\n  old.test:5000\n  10.9.0.0/16\n  ::1/128\n  127.0.0.0/8\n", told, StringComparison.Ordinal);
        Assert.Contains($" Registry Mirrors:\n  http://{mirror.Host}/", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_is_asked_first_and_the_registry_itself_where_the_mirror_fails()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var registry = await RegistryServer.StartAsync();
        await using var mirror = await RegistryServer.StartAsync();
        var file = Path.Combine(root.Folder("hosts/far.test"), "hosts.toml");
        await File.WriteAllTextAsync(file, $"""
            server = "http://{registry.Host}"
            [host."http://{mirror.Host}"]
              capabilities = ["pull", "resolve"]
            """, TestContext.Current.CancellationToken);
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--registry-hosts", root.Folder("hosts")] });
        await RegistryServer.SkopeoAsync("copy", "-q", "--dest-tls-verify=false", $"docker-archive:{TestSetting.Image("busybox.docker.tar")}", $"docker://{mirror.Host}/at-the-mirror:1");
        await RegistryServer.SkopeoAsync("copy", "-q", "--dest-tls-verify=false", $"docker-archive:{TestSetting.Image("busybox.docker.tar")}", $"docker://{registry.Host}/at-home:1");
        await engine.Docker.OkAsync("pull", "far.test/at-the-mirror:1");
        await engine.Docker.OkAsync("pull", "far.test/at-home:1");
        // What is pushed goes to the registry alone.
        await engine.Docker.OkAsync("tag", "far.test/at-home:1", "far.test/pushed:1");
        await engine.Docker.OkAsync("push", "far.test/pushed:1");
        await RegistryServer.SkopeoAsync("inspect", "--tls-verify=false", $"docker://{registry.Host}/pushed:1");
        Assert.NotEqual(0, (await Command.RunAsync("skopeo", ["--insecure-policy", "inspect", "--tls-verify=false", $"docker://{mirror.Host}/pushed:1"])).Code);
    }

    static void WriteHosts(TestRoot root, string domain, RegistryServer registry, string more) => File.WriteAllText(
        Path.Combine(root.Folder($"hosts/{domain}"), "hosts.toml"),
        $"""
        server = "https://127.0.0.1:{registry.Port.ToString(CultureInfo.InvariantCulture)}"
        {more}
        """);
}
