using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`docker run` and `create`: each flag does what its name says.</summary>
public sealed class RunTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task The_command_runs_and_its_output_comes_back() => Assert.Equal("hello", await BusyboxAsync("echo hello"));

    [Fact]
    public async Task Output_and_errors_come_back_apart()
    {
        var result = await Docker.RunAsync("run", "--rm", "--network", "none", "busybox", "sh", "-c", "echo out; echo err >&2");
        Assert.Equal(("out\n", "err\n"), (result.Output, result.Error));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    public async Task The_exit_code_is_the_command_s(string line, int code) =>
        Assert.Equal(code, (await Docker.RunAsync("run", "--rm", "--network", "none", "busybox", "sh", "-c", line)).Code);

    [Fact]
    public async Task A_command_that_is_not_there_ends_with_127_and_leaves_no_running_container()
    {
        var name = Engine.NewContainer();
        var result = await Docker.RunAsync("run", "--name", name, "--network", "none", "busybox", "/no/such/program");
        Assert.Equal(127, result.Code);
        Assert.Contains("no such file or directory", result.Error, StringComparison.Ordinal);
        Assert.Equal("created 127", await Docker.ValueAsync(name, "{{.State.Status}} {{.State.ExitCode}}"));
    }

    [Fact]
    public async Task A_command_that_may_not_be_executed_ends_with_126() =>
        Assert.Equal(126, (await Docker.RunAsync("run", "--rm", "--network", "none", "busybox", "/etc/passwd")).Code);

    [Fact]
    public async Task An_unknown_image_is_not_found()
    {
        var result = await Docker.RunAsync("run", "--rm", "--pull", "never", "missing:image");
        Assert.Equal(125, result.Code);
        Assert.Contains("No such image: missing:image", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rm_removes_the_container_and_its_anonymous_volumes_at_its_end()
    {
        var name = Engine.NewContainer();
        var volumes = await Docker.OkAsync("volume", "ls", "-q");
        await Docker.OkAsync("run", "--rm", "--name", name, "--network", "none", "-v", "/data", "busybox", "true");
        await Until.TrueAsync(async () => (await Docker.RunAsync("inspect", name)).Code != 0, "the container is gone");
        Assert.Equal(volumes, await Docker.OkAsync("volume", "ls", "-q"));
    }

    [Fact]
    public async Task Detached_the_id_comes_back_at_once()
    {
        var name = Engine.NewContainer();
        var id = await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "busybox", "sleep", "1000");
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal("running", await Docker.ValueAsync(id[..12], "{{.State.Status}}"));
    }

    [Fact]
    public async Task A_name_is_used_once()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        var said = await Docker.RefusedAsync("create", "--name", name, "--network", "none", "busybox");
        Assert.Contains("is already in use by container", said, StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.PostAsync($"/containers/create?name={name}", """{"Image":"busybox"}""")).Status);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../x")]
    [InlineData("-x")]
    [InlineData("x/y")]
    public async Task An_invalid_name_is_refused(string name)
    {
        var reply = await Engine.Http.PostAsync($"/containers/create?name={Uri.EscapeDataString(name)}", """{"Image":"busybox"}""");
        Assert.Equal(400, reply.Status);
        Assert.Contains("Invalid container name", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_two_words_are_made_up()
    {
        var id = await Docker.OkAsync("create", "--network", "none", "busybox");
        Assert.Matches("^/[a-z]+_[a-z]+[0-9]?$", await Docker.ValueAsync(id, "{{.Name}}"));
        await Docker.OkAsync("rm", id);
    }

    [Fact]
    public async Task Environment_variables_are_the_image_s_then_the_user_s() =>
        Assert.Equal(
            "b:c d:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/root",
            await BusyboxAsync("echo $A:$B:$PATH:$HOME", "-e", "A=b", "-e", "B=c d"));

    [Fact]
    public async Task The_working_directory_is_made_when_it_is_missing() => Assert.Equal("/new/folder", await BusyboxAsync("pwd", "-w", "/new/folder"));

    [Theory]
    [InlineData("1000", "1000 0 0")]
    [InlineData("1000:1001", "1000 1001 1001")]
    [InlineData("www-data", "33 33 33 8")]
    [InlineData("nobody:daemon", "65534 1 1")]
    public async Task The_user_is_a_number_or_a_name_of_the_image(string user, string ids) =>
        Assert.Equal(ids, await BusyboxAsync("echo $(id -u) $(id -g) $(id -G)", "-u", user));

    [Fact]
    public async Task A_user_whom_the_image_does_not_know_is_refused()
    {
        var result = await Docker.RunAsync("run", "--rm", "--network", "none", "-u", "stranger", "busybox", "true");
        Assert.Equal(125, result.Code);
        Assert.Contains("unable to find user stranger", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entrypoint_stands_before_the_command() =>
        Assert.Equal("-n x", await Docker.OkAsync("run", "--rm", "--network", "none", "--entrypoint", "echo", "busybox", "-n x"));

    [Fact]
    public async Task An_entrypoint_given_by_the_user_drops_the_image_s_command() =>
        Assert.Equal("", await Docker.OkAsync("run", "--rm", "--network", "none", "--entrypoint", "echo", "busybox"));

    [Fact]
    public async Task The_hostname_is_the_given_one_and_else_the_short_id()
    {
        Assert.Equal("given\ngiven", await BusyboxAsync("hostname; cat /etc/hostname", "--hostname", "given"));
        var name = Engine.NewContainer();
        var id = await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox", "hostname");
        Assert.Equal(id[..12], await Docker.OkAsync("start", "-a", name));
    }

    [Fact]
    public async Task Labels_are_kept()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "-l", "a=b", "-l", "c", "busybox");
        Assert.Equal("""{"a":"b","c":""}""", await Docker.ValueAsync(name, "{{json .Config.Labels}}"));
    }

    [Fact]
    public async Task Read_only_makes_the_root_read_only_but_not_a_tmpfs() =>
        Assert.Equal(
            "refused 1",
            await BusyboxAsync("touch /x 2>/dev/null || echo -n 'refused '; touch /scratch/x && ls /scratch | wc -l", "--read-only", "--tmpfs", "/scratch"));

    [Fact]
    public async Task A_tmpfs_has_the_size_and_mode_that_were_asked_for()
    {
        var mount = await BusyboxAsync("grep ' /scratch ' /proc/mounts; stat -c %a /scratch", "--tmpfs", "/scratch:size=1m,mode=700,exec");
        Assert.Contains("tmpfs /scratch tmpfs rw,nosuid,nodev", mount, StringComparison.Ordinal);
        Assert.Contains("size=1024k", mount, StringComparison.Ordinal);
        Assert.EndsWith("\n700", mount, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_id_file_gets_the_id()
    {
        var path = Engine.NewPath();
        var id = await Docker.OkAsync("create", "--cidfile", path, "--network", "none", "busybox");
        Assert.Equal(id, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        await Docker.OkAsync("rm", id);
    }

    [Fact]
    public async Task An_option_that_is_not_supported_is_refused_by_name()
    {
        StrakeOnly("it supports them");
        var reply = await Engine.Http.PostAsync("/containers/create", """{"Image":"busybox","HostConfig":{"DeviceRequests":[{"Driver":"nvidia","Count":1}]}}""");
        Assert.InRange(reply.Status, 400, 501);
        Assert.Contains("DeviceRequests", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Image":7}""")]
    public async Task A_body_that_is_no_container_is_refused(string body) =>
        Assert.Equal(400, (await Engine.Http.PostAsync("/containers/create", body)).Status);

    [Fact]
    public async Task Changes_are_seen_by_one_container_alone_and_gone_with_it()
    {
        await BusyboxAsync("echo changed >/etc/passwd; rm /etc/group");
        Assert.Equal("root", await BusyboxAsync("test -e /etc/group && head -n 1 /etc/passwd | cut -d: -f1"));
    }

    [Fact]
    public async Task An_init_process_is_there_or_refused_by_name()
    {
        if (Engine.IsStrake)
        {
            var refusal = await Docker.RunAsync("run", "--rm", "--init", "--network", "none", "busybox", "true");
            Assert.Equal(125, refusal.Code);
            Assert.Contains("HostConfig.Init is not supported yet", refusal.Error, StringComparison.Ordinal);
            return;
        }

        var name = await SleeperAsync("--init");
        Assert.Contains("init", (await Docker.RunAsync("exec", name, "cat", "/proc/1/comm")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_processes_and_memory_reach_the_container()
    {
        var name = await SleeperAsync("--memory", "64m", "--pids-limit", "50", "--ulimit", "nofile=512:512");
        Assert.Equal("67108864 50", await Docker.ValueAsync(name, "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}"));
        Assert.Equal("512", await Docker.OkAsync("exec", name, "sh", "-c", "ulimit -n"));
    }

    [Fact]
    public async Task Shared_memory_has_64_MiB_and_more_on_request()
    {
        Assert.Equal("65536", await BusyboxAsync("df -k /dev/shm | tail -n 1 | awk '{print $2}'"));
        Assert.Equal("131072", await BusyboxAsync("df -k /dev/shm | tail -n 1 | awk '{print $2}'", "--shm-size", "128m"));
    }
}
