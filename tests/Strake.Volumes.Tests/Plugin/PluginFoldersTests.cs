namespace Strake.Volumes.Tests.Plugin;

public sealed class PluginFoldersTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-folders-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    PluginFolders Folders => new([In("first"), In("second")], [In("etc"), In("usr")], own: In("first/strake.sock"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("first/x.sock", "", "unix", "/first/x.sock")]
    [InlineData("second/x/x.sock", "", "unix", "/second/x/x.sock")]
    [InlineData("etc/x.spec", "unix:///run/other.sock\n", "unix", "/run/other.sock")]
    [InlineData("usr/x/x.spec", "tcp://localhost:8080", "http", "localhost:8080")]
    [InlineData("etc/x.json", """{"Name":"y","Addr":"https://example.com/x"}""", "https", "example.com:443")]
    [InlineData("etc/x.json", """{"Addr":"tcp://example.com:9","TLSConfig":{"InsecureSkipVerify":true}}""", "https", "example.com:9")]
    public async Task A_plugin_is_found_by_its_file(string file, string content, string scheme, string place)
    {
        Write(file, content);

        PluginAddress found = (await Folders.FindAsync("x", Token))!;
        Assert.Equal(scheme, found.Endpoint.Scheme);
        Assert.EndsWith(place, found.SocketPath ?? found.Endpoint.Authority + (found.Endpoint.IsDefaultPort ? $":{found.Endpoint.Port}" : ""), StringComparison.Ordinal);
        Assert.Equal(["x"], Folders.Names());
    }

    [Fact]
    public async Task Sockets_come_before_specifications()
    {
        Write("etc/x.spec", "unix:///run/other.sock");
        Write("second/x.sock", "");

        Assert.EndsWith("/second/x.sock", (await Folders.FindAsync("x", Token))!.SocketPath!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../etc/x")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData(".x")]
    public async Task A_name_that_leads_elsewhere_is_no_plugin(string name)
    {
        Write("etc/x.spec", "unix:///run/other.sock");

        Assert.Null(await Folders.FindAsync(name, Token));
    }

    [Theory]
    [InlineData("x.spec", "")]
    [InlineData("x.spec", "ftp://example.com")]
    [InlineData("x.json", "{")]
    [InlineData("x.json", "{}")]
    public async Task A_malformed_specification_is_told_with_the_plugins_name(string file, string content)
    {
        Write("etc/" + file, content);

        StrakeException told = await Assert.ThrowsAsync<StrakeException>(async () => await Folders.FindAsync("x", Token));
        Assert.Equal(ErrorKind.Invalid, told.Kind);
        Assert.Contains("plugin \"x\"", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engines_own_socket_is_no_plugin()
    {
        Write("first/strake.sock", "");

        Assert.Null(await Folders.FindAsync("strake", Token));
        Assert.Empty(Folders.Names());
    }

    string In(string path) => Path.Combine(folder, path);

    void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), content);
    }
}
