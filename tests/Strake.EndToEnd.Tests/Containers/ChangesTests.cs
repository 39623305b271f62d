using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>Copy-on-write: `docker diff` and `docker commit`.</summary>
public sealed class ChangesTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Two_containers_of_one_image_do_not_see_each_other_s_changes_and_a_commit_holds_only_the_change()
    {
        var (writer, other) = (Engine.NewContainer(), await SleeperAsync());
        await Docker.OkAsync("run", "--name", writer, "--network", "none", "busybox", "sh", "-c", "echo more >>/etc/passwd; rm /etc/group; mkdir /new; echo x >/new/file");

        Assert.Equal(["A /new", "A /new/file", "C /etc", "C /etc/passwd", "D /etc/group"], await DiffAsync(writer));
        Assert.Empty(await DiffAsync(other));
        Assert.Equal("5", await Docker.OkAsync("exec", other, "sh", "-c", "grep -c . /etc/group"));
        Assert.Equal("4 5", await BusyboxAsync("echo $(grep -c . /etc/passwd) $(grep -c . /etc/group)"));

        var before = (await Docker.ValueAsync("busybox", "{{range .RootFS.Layers}}{{.}} {{end}}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await Docker.OkAsync("commit", writer, "changed:one");
        var after = (await Docker.ValueAsync("changed:one", "{{range .RootFS.Layers}}{{.}} {{end}}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([.. before, after[^1]], after);
        Assert.Equal(
            ["etc/", "etc/.wh.group", "etc/passwd", "new/", "new/file"],
            (await Engine.ShellAsync($"docker save changed:one -o {Engine.Scratch}/changed.tar && cd {Engine.Scratch} && tar -xf changed.tar && tar -tf $(jq -r '.[0].Layers[-1]' manifest.json) | sort")).Lines);
        Assert.Equal("5 gone x", await Docker.OkAsync("run", "--rm", "--network", "none", "changed:one", "sh", "-c", "echo $(grep -c . /etc/passwd) $(test -e /etc/group || echo gone) $(cat /new/file)"));
        await Docker.OkAsync("rmi", "changed:one");
    }

    [Fact]
    public async Task A_directory_removed_and_made_again_hides_what_was_below()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", "rm -r /etc; mkdir /etc; echo only >/etc/one");
        await Docker.OkAsync("commit", name, "opaque:one");
        Assert.DoesNotContain("passwd", await Docker.OkAsync("run", "--rm", "--network", "none", "opaque:one", "ls", "/etc"), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "opaque:one");
    }

    [Fact]
    public async Task A_change_of_mode_or_owner_is_a_change()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", "chmod 600 /etc/passwd; chown 33:33 /home");
        Assert.Equal(["C /etc", "C /etc/passwd", "C /home"], await DiffAsync(name));
        await Docker.OkAsync("commit", name, "moded:one");
        Assert.Equal("600 33", await Docker.OkAsync("run", "--rm", "--network", "none", "moded:one", "sh", "-c", "echo $(stat -c %a /etc/passwd) $(stat -c %u /home)"));
        await Docker.OkAsync("rmi", "moded:one");
    }

    [Fact]
    public async Task What_lies_in_volumes_and_mounts_is_no_change()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", name, "--network", "none", "-v", "/data", "--tmpfs", "/scratch", "busybox", "sh", "-c", "echo x >/data/file; echo x >/scratch/file; echo more >>/etc/hosts");
        Assert.Equal(["A /data", "A /scratch"], await DiffAsync(name));
    }

    [Fact]
    public async Task Commit_applies_changes_of_the_config()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "-e", "A=b", "busybox");
        await Docker.OkAsync(
            "commit", "-m", "why", "-a", "who", "-c", "ENV C=d", "-c", "CMD [\"echo\",\"done\"]", "-c", "WORKDIR /tmp", "-c", "EXPOSE 80", "-c", "VOLUME /data", "-c", "USER 33", "-c", "LABEL l=m", name, "configured:one");
        var image = await Docker.InspectAsync("configured:one", "image");
        var config = image["Config"]!;
        Assert.Equal(["A=b", "C=d"], config["Env"]!.AsArray().Select(item => item!.GetValue<string>()).Where(item => !item.StartsWith("PATH=", StringComparison.Ordinal)));
        Assert.Equal(("/tmp", "33"), (config["WorkingDir"]!.GetValue<string>(), config["User"]!.GetValue<string>()));
        Assert.NotNull(config["ExposedPorts"]!["80/tcp"]);
        Assert.NotNull(config["Volumes"]!["/data"]);
        Assert.Equal("m", config["Labels"]!["l"]!.GetValue<string>());
        Assert.Equal(("why", "who"), (image["Comment"]!.GetValue<string>(), image["Author"]!.GetValue<string>()));
        Assert.Equal("done", await Docker.OkAsync("run", "--rm", "--network", "none", "configured:one"));
        await Docker.OkAsync("rmi", "configured:one");
    }

    [Fact]
    public async Task A_running_container_can_be_committed()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("exec", name, "sh", "-c", "echo live >/live");
        await Docker.OkAsync("commit", name, "live:one");
        Assert.Equal("live", await Docker.OkAsync("run", "--rm", "--network", "none", "live:one", "cat", "/live"));
        Assert.Equal("running", await Docker.ValueAsync(name, "{{.State.Status}}"));
        await Docker.OkAsync("rmi", "live:one");
    }

    [Fact]
    public async Task A_commit_under_an_invalid_name_is_refused()
    {
        var name = await SleeperAsync();
        Assert.Contains("invalid reference format", await Docker.RefusedAsync("commit", name, "UPPER"), StringComparison.Ordinal);
    }

    async Task<string[]> DiffAsync(string name) => [.. (await Docker.RunAsync("diff", name)).Lines.Order(StringComparer.Ordinal)];
}
