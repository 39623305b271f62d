using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`docker exec`.</summary>
public sealed class ExecTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task It_runs_beside_the_container_s_process()
    {
        var name = await SleeperAsync();
        Assert.Equal("sh", await Docker.OkAsync("exec", name, "cat", "/proc/1/comm"));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -15 $$", 143)]
    public async Task Its_exit_code_is_the_command_s(string line, int code)
    {
        var name = await SleeperAsync();
        Assert.Equal(code, (await Docker.RunAsync("exec", name, "sh", "-c", line)).Code);
    }

    [Fact]
    public async Task Environment_working_directory_and_user_are_its_own()
    {
        var name = await SleeperAsync("-e", "A=container");
        Assert.Equal("container /", await Docker.OkAsync("exec", name, "sh", "-c", "echo $A $(pwd)"));
        Assert.Equal("own /tmp 1000 1000", await Docker.OkAsync("exec", "-e", "A=own", "-w", "/tmp", "-u", "1000:1000", name, "sh", "-c", "echo $A $(pwd) $(id -u) $(id -g)"));
    }

    [Fact]
    public async Task It_has_the_container_s_user_and_working_directory_by_default()
    {
        var name = await SleeperAsync("-u", "33", "-w", "/var");
        Assert.Equal("33 /var", await Docker.OkAsync("exec", name, "sh", "-c", "echo $(id -u) $(pwd)"));
    }

    [Fact]
    public async Task Input_reaches_it_and_output_goes_on_after_the_input_s_end()
    {
        var name = await SleeperAsync();
        Assert.Equal("read in\nlate", (await Docker.RunAsync(["exec", "-i", name, "sh", "-c", "echo read $(cat); sleep 1; echo late"], "in"u8.ToArray())).Ok());
    }

    [Fact]
    public async Task Output_and_errors_come_back_apart()
    {
        var result = await Docker.RunAsync("exec", await SleeperAsync(), "sh", "-c", "echo out; echo err >&2");
        Assert.Equal(("out\n", "err\n"), (result.Output, result.Error));
    }

    [Fact]
    public async Task Much_output_arrives_whole()
    {
        var name = await SleeperAsync();
        Assert.Equal("33554432", (await Engine.ShellAsync($"docker exec {name} head -c 33554432 /dev/zero | wc -c")).Ok());
    }

    [Fact]
    public async Task Detached_it_goes_on_by_itself()
    {
        var name = await SleeperAsync();
        Assert.Empty(await Docker.OkAsync("exec", "-d", name, "sh", "-c", "echo done >/tmp/done"));
        await Until.TrueAsync(async () => (await Docker.RunAsync("exec", name, "cat", "/tmp/done")).Text == "done", "the detached command has run");
    }

    [Fact]
    public async Task In_a_container_that_does_not_run_it_is_refused()
    {
        var name = Engine.NewContainer();
        var id = await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        Assert.Contains($"container {id} is not running", await Docker.RefusedAsync("exec", name, "true"), StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.PostAsync($"/containers/{name}/exec", """{"Cmd":["true"]}""")).Status);
    }

    [Fact]
    public async Task A_command_that_is_not_there_ends_with_127() =>
        Assert.Equal(127, (await Docker.RunAsync("exec", await SleeperAsync(), "/no/such/program")).Code);

    [Fact]
    public async Task In_a_paused_container_it_is_refused()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("pause", name);
        Assert.Contains("is paused", await Docker.RefusedAsync("exec", name, "true"), StringComparison.Ordinal);
        await Docker.OkAsync("unpause", name);
    }

    [Fact]
    public async Task It_is_no_more_privileged_than_the_container()
    {
        var name = await SleeperAsync();
        const string Status = "grep -E 'CapEff|CapInh|Seccomp:' /proc/self/status | tr -d '\\t ' | sort";
        Assert.Equal("CapEff:00000000a80425fb\nCapInh:0000000000000000\nSeccomp:2", await Docker.OkAsync("exec", name, "sh", "-c", Status));
    }

    [Fact]
    public async Task Many_at_once_all_answer()
    {
        var name = await SleeperAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Docker.RunAsync("exec", name, "echo", $"{i}")));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{i}"), results.Select(result => result.Ok()));
    }

    [Fact]
    public async Task Its_inspection_tells_the_exit_code()
    {
        var name = await SleeperAsync();
        var created = await Engine.Http.PostAsync($"/containers/{name}/exec", """{"Cmd":["sh","-c","exit 3"]}""");
        Assert.Equal(201, created.Status);
        var id = System.Text.Json.Nodes.JsonNode.Parse(created.Body)!["Id"]!.GetValue<string>();
        Assert.Equal(200, (await Engine.Http.PostAsync($"/exec/{id}/start", """{"Detach":true}""")).Status);
        await Until.TrueAsync(async () => (await Engine.Http.GetAsync($"/exec/{id}/json")).Body.Contains("\"ExitCode\":3", StringComparison.Ordinal), "the exec tells exit code 3");
        Assert.Equal(404, (await Engine.Http.GetAsync("/exec/0123456789/json")).Status);
    }
}
