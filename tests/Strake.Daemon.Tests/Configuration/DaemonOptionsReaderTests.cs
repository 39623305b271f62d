using Microsoft.Extensions.Logging;
using Strake.Daemon.Configuration;
using Strake.State;

namespace Strake.Daemon.Tests.Configuration;

public sealed class DaemonOptionsReaderTests
{
    [Fact]
    public void Without_words_there_are_defaults()
    {
        var options = new DaemonOptions();
        Assert.Equal("/var/lib/strake", options.DataRoot);
        Assert.Equal("unix:///run/strake/docker.sock", Assert.Single(options.ListenAddresses).ToString());
        Assert.Equal("/run/strake/strake.pid", options.PidPath);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Fact]
    public void Dockerds_flags_have_their_meaning()
    {
        DaemonOptions options = Read(
            "--data-root=/d --exec-root /e -H unix:///a.sock -H tcp://127.0.0.1:2375 -s vfs --storage-opt a=b --storage-opt c=d "
            + "-p /p -G staff -l warn --default-runtime crun --add-runtime x=/usr/bin/x --bridge none --label a=b --live-restore --max-layer-size 2T");
        Assert.Equal("/d", options.DataRoot);
        Assert.Equal("/e", options.ExecRoot);
        Assert.Equal(["unix:///a.sock", "tcp://127.0.0.1:2375"], options.ListenAddresses.Select(address => address.ToString()));
        Assert.Equal("vfs", options.StorageDriver);
        Assert.Equal(["a=b", "c=d"], options.StorageOptions);
        Assert.Equal("/p", options.PidPath);
        Assert.Equal("staff", options.Group);
        Assert.Equal(LogLevel.Warning, options.LogLevel);
        Assert.Equal("crun", options.DefaultRuntime);
        Assert.Equal("/usr/bin/x", options.Runtimes["x"]);
        Assert.Equal("none", options.Bridge);
        Assert.Equal(["a=b"], options.Labels);
        Assert.Equal(2L << 40, options.MaxLayerSizeBytes);
    }

    [Fact]
    public void The_configuration_file_has_daemon_json_keys()
    {
        DaemonOptions options = ReadFile(
            """
            {
              "data-root": "/d", "hosts": ["unix:///a.sock", "unix:///b.sock"], "storage-driver": "overlay2",
              "storage-opts": ["a=b"], "debug": true, "runtimes": { "crun": { "path": "/usr/bin/crun" } }, "live-restore": true
            }
            """);
        Assert.Equal("/d", options.DataRoot);
        Assert.Equal(2, options.Hosts.Count);
        Assert.Equal("overlay2", options.StorageDriver);
        Assert.Equal(["a=b"], options.StorageOptions);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
        Assert.Equal("/usr/bin/crun", options.Runtimes["crun"]);
    }

    [Fact]
    public void Numbers_are_numbers_in_the_file_too()
    {
        DaemonOptions options = ReadFile("""{ "max-concurrent-downloads": 9, "max-concurrent-uploads": 1 }""");
        Assert.Equal((9, 1), (options.MaxConcurrentDownloads, options.MaxConcurrentUploads));
        Assert.Equal(3, Read("--max-concurrent-downloads 3").MaxConcurrentDownloads);
        foreach (string wrong in (string[])["0", "-1", "101", "x"])
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => Read($"--max-concurrent-uploads={wrong}")).Kind);
        Assert.Throws<StrakeException>(() => ReadFile("""{ "max-concurrent-downloads": "9" }"""));
    }

    [Fact]
    public void An_empty_file_says_nothing() => Assert.Equal("/var/lib/strake", ReadFile("").DataRoot);

    [Theory]
    [InlineData("--nonsense", ErrorKind.Invalid, "unknown flag: --nonsense")]
    [InlineData("--iptables=false", ErrorKind.NotSupported, "the setting --iptables is not supported yet")]
    [InlineData("--tlsverify", ErrorKind.NotSupported, "the setting --tlsverify is not supported yet")]
    [InlineData("--live-restore=false", ErrorKind.NotSupported, "live-restore=false")]
    [InlineData("--log-level loud", ErrorKind.Invalid, "invalid logging level: loud")]
    [InlineData("--debug=perhaps", ErrorKind.Invalid, "the setting debug wants true or false")]
    [InlineData("--max-layer-size many", ErrorKind.Invalid, "the setting max-layer-size wants a size")]
    [InlineData("--storage-opt a", ErrorKind.Invalid, "the setting storage-opt wants key=value")]
    [InlineData("-H http://x", ErrorKind.Invalid, "invalid bind address (http://x)")]
    [InlineData("-H unix://relative", ErrorKind.Invalid, "invalid bind address (unix://relative)")]
    [InlineData("-H tcp://example:1", ErrorKind.Invalid, "invalid bind address (tcp://example:1)")]
    [InlineData("--data-root=", ErrorKind.Invalid, "the setting data-root needs a path")]
    [InlineData("surplus", ErrorKind.Invalid, "\"strake daemon\" accepts no arguments")]
    public void What_cannot_be_is_refused_by_name(string line, ErrorKind kind, string message)
    {
        var refusal = Assert.Throws<StrakeException>(() => Read(line));
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", ErrorKind.Invalid, "unable to configure the daemon with file")]
    [InlineData("[]", ErrorKind.Invalid, "it is not a JSON object")]
    [InlineData("{\"nonsense\": 1}", ErrorKind.Invalid, "the following directives don't match any configuration option: nonsense")]
    [InlineData("{\"iptables\": false}", ErrorKind.NotSupported, "the setting iptables is not supported yet")]
    [InlineData("{\"hosts\": \"unix:///a\"}", ErrorKind.Invalid, "hosts has the wrong type")]
    [InlineData("{\"hosts\": [1]}", ErrorKind.Invalid, "hosts is not a list of texts")]
    [InlineData("{\"debug\": \"yes\"}", ErrorKind.Invalid, "debug has the wrong type")]
    [InlineData("{\"runtimes\": {\"a\": {}}}", ErrorKind.Invalid, "runtimes.a must have a path")]
    [InlineData("{\"runtimes\": {\"a\": {\"path\": \"/a\", \"runtimeArgs\": [\"x\"]}}}", ErrorKind.Invalid, "runtimes.a must have a path, and nothing else")]
    public void A_wrong_file_is_refused_with_its_name_and_key(string text, ErrorKind kind, string message)
    {
        var refusal = Assert.Throws<StrakeException>(() => ReadFile(text));
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_in_both_places_is_refused()
    {
        var refusal = Assert.Throws<StrakeException>(() => ReadFile("{\"data-root\": \"/a\"}", "--data-root", "/b"));
        Assert.Contains("specified both as a flag and in the configuration file: data-root", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_must_be_there() =>
        Assert.Throws<StrakeException>(() => DaemonOptionsReader.Read(["--config-file", "/nowhere/daemon.json"]));

    [Fact]
    public void No_name_is_both_there_and_missing()
    {
        IEnumerable<string> known = DaemonSettings.All.Select(setting => setting.Flag).Concat(DaemonSettings.All.Select(setting => setting.FileKey).OfType<string>());
        Assert.DoesNotContain(known, DaemonSettings.Missing.Contains);
    }

    static DaemonOptions Read(string line) => DaemonOptionsReader.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static DaemonOptions ReadFile(string text, params string[] words)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.At("daemon.json"), text);
        return DaemonOptionsReader.Read(["--config-file", folder.At("daemon.json"), .. words]);
    }
}
