using Strake.Containers.Plugins;

namespace Strake.Containers.Tests.Plugins;

public sealed class PluginSettingsTests
{
    static readonly PluginConfig s_config = PluginDocuments.ReadConfig("""
        {
          "interface": { "socket": "x.sock", "types": ["docker.volumedriver/1.0"] }, "entrypoint": ["/x"],
          "network": { "type": "host" }, "ipchost": true,
          "linux": { "capabilities": ["CAP_SYS_ADMIN"], "devices": [{ "name": "fuse", "path": "/dev/fuse", "settable": ["path"] }, { "name": "unset", "settable": ["path"] }] },
          "env": [{ "name": "LEVEL", "value": "1", "settable": ["value"] }, { "name": "FIXED", "value": "1" }, { "name": "ABSENT", "settable": ["value"] }],
          "mounts": [{ "name": "store", "source": "/store", "destination": "/s", "type": "bind", "settable": ["source"] }],
          "args": { "name": "args", "value": ["-a"], "settable": ["value"] }
        }
        """u8);

    [Theory]
    [InlineData("LEVEL=2", "FIXED=1 LEVEL=2", "/store", "/dev/fuse", "-a")]
    [InlineData("LEVEL.value=2=3", "FIXED=1 LEVEL=2=3", "/store", "/dev/fuse", "-a")]
    [InlineData("ABSENT=", "LEVEL=1 FIXED=1 ABSENT=", "/store", "/dev/fuse", "-a")]
    [InlineData("store.source=/other", "LEVEL=1 FIXED=1", "/other", "/dev/fuse", "-a")]
    [InlineData("fuse.path=/dev/null", "LEVEL=1 FIXED=1", "/store", "/dev/null", "-a")]
    [InlineData("args=-b --c", "LEVEL=1 FIXED=1", "/store", "/dev/fuse", "-b --c")]
    public void A_setting_is_changed(string text, string env, string source, string device, string args)
    {
        PluginSettings changed = PluginSettings.Of(s_config).With(s_config, text);

        Assert.Equal((env, source, device, args), (string.Join(' ', changed.Env), changed.Mounts[0].Source, changed.Devices[0].Path, string.Join(' ', changed.Args)));
    }

    [Theory]
    [InlineData("FIXED=2", "\"FIXED\" is not settable")]
    [InlineData("LEVEL.source=2", "\"LEVEL\" is not settable")]
    [InlineData("nosuch=2", "setting \"nosuch\" not found in the plugin configuration")]
    [InlineData("=2", "\"=2\" is no setting: name=value is")]
    public void What_cannot_be_set_is_refused(string text, string said)
    {
        StrakeException refused = Assert.Throws<StrakeException>(() => PluginSettings.Of(s_config).With(s_config, text));

        Assert.Equal((ErrorKind.Invalid, said), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Rights_beyond_a_containers_are_asked_for()
    {
        IReadOnlyList<PluginPrivilege> wanted = PluginPrivilege.Of(s_config);

        Assert.Equal(
            ["network host", "host ipc namespace true", "mount /store", "device /dev/fuse", "capabilities CAP_SYS_ADMIN"],
            wanted.Select(right => $"{right.Name} {string.Join(' ', right.Value)}"));
        Assert.True(PluginPrivilege.AreSame(wanted, [.. wanted.Reverse()]));
        Assert.False(PluginPrivilege.AreSame(wanted, [.. wanted.Skip(1)]));
        Assert.False(PluginPrivilege.AreSame(wanted, [.. wanted, new("allow-all-devices", "", ["true"])]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"entrypoint":["/x"]}""")]
    [InlineData("""{"entrypoint":["/x"],"interface":{"socket":"../x.sock"}}""")]
    [InlineData("""{"entrypoint":["/x"],"interface":{"socket":".."}}""")]
    [InlineData("""{"interface":{"socket":"x.sock"}}""")]
    [InlineData("""{"entrypoint":["/x"],"interface":{"socket":"x.sock"},"propagatedmount":"mnt"}""")]
    public void A_config_that_cannot_be_run_is_refused(string json)
    {
        StrakeException refused = Assert.Throws<StrakeException>(() => PluginDocuments.ReadConfig(System.Text.Encoding.UTF8.GetBytes(json)));

        Assert.Equal(ErrorKind.Invalid, refused.Kind);
    }

    [Fact]
    public void Members_that_are_null_are_as_if_they_were_not_there()
    {
        PluginConfig config = PluginDocuments.ReadConfig(
            """{"entrypoint":["/x"],"interface":{"socket":"x.sock","types":null},"linux":null,"mounts":null,"env":null,"args":null,"network":null,"workdir":null,"user":null}"""u8);

        Assert.Empty(PluginPrivilege.Of(config));
        Assert.Empty(PluginSettings.Of(config).Args);
    }
}
