using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Images;

/// <summary>`docker load`: every form and compression gives the same image.</summary>
public sealed class LoadTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Theory]
    [InlineData("busybox.docker.tar")]
    [InlineData("busybox.docker-gzip.tar")]
    [InlineData("busybox.docker-zstd.tar")]
    [InlineData("busybox.docker-xz.tar")]
    [InlineData("busybox.oci-plain.tar")]
    [InlineData("busybox.oci.tar")]
    [InlineData("busybox.oci-zstd.tar")]
    public async Task Every_form_and_compression_gives_the_same_image(string archive)
    {
        if (archive.Contains("oci", StringComparison.Ordinal)) StrakeOnly("its overlay2 store cannot load a pure OCI layout");
        await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var id = await Docker.ValueAsync("busybox", "{{.Id}}");
        await Docker.OkAsync("rmi", "busybox");

        var said = await Docker.OkAsync("load", "-i", TestSetting.Image(archive));

        Assert.Contains("Loaded image: busybox:latest", said, StringComparison.Ordinal);
        Assert.Equal(id, await Docker.ValueAsync("busybox", "{{.Id}}"));
        Assert.Equal("hello", await BusyboxAsync("echo hello"));
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -qc")]
    [InlineData("xz -0c")]
    public async Task An_archive_that_is_compressed_as_a_whole_is_loaded_from_standard_input(string compressor)
    {
        var said = (await Engine.ShellAsync($"{compressor} '{TestSetting.Image("busybox.docker.tar")}' | docker load")).Ok();
        Assert.Contains("Loaded image: busybox:latest", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loading_twice_is_harmless()
    {
        await Docker.OkAsync("load", "-i", TestSetting.Image("busybox.docker.tar"));
        Assert.Contains("Loaded image: busybox:latest", await Docker.OkAsync("load", "-i", TestSetting.Image("busybox.docker.tar")), StringComparison.Ordinal);
        Assert.Single((await Docker.RunAsync("images", "-q", "busybox")).Lines);
    }

    [Fact]
    public async Task Loads_of_one_image_at_once_all_succeed()
    {
        await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        await Docker.OkAsync("rmi", "busybox");
        var loads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Docker.RunAsync("load", "-i", TestSetting.Image("busybox.docker-gzip.tar"))));
        Assert.All(loads, load => load.Ok());
        Assert.Equal("hello", await BusyboxAsync("echo hello"));
    }

    [Fact]
    public async Task An_image_of_several_layers_stacks_them_with_their_whiteouts()
    {
        await Docker.OkAsync("load", "-i", TestSetting.Image("mysql.docker-gzip.tar"));
        var there = await Docker.OkAsync(
            "run", "--rm", "--network", "none", "--entrypoint", "sh", "mysql", "-c",
            "ls /etc/init.d/mariadb /usr/share/doc/mariadb-server/* 2>/dev/null; cat /etc/debian_version; command -v mariadbd");
        Assert.Matches(@"^12\.\d+\n/usr/sbin/mariadbd$", there);
        await Docker.OkAsync("rmi", "mysql");
    }

    [Fact]
    public async Task Files_keep_owner_mode_time_and_links()
    {
        var seen = await BusyboxAsync("stat -c '%a %u %g %Y' /root /tmp /etc/shadow; stat -c %i /bin/sh /bin/busybox | uniq | wc -l; readlink /usr/bin/env");
        Assert.Equal("700 0 0 1735689600\n1777 0 0 1735689600\n640 0 0 1735689600\n1\n../../bin/env", seen);
    }

    [Fact]
    public async Task An_archive_that_is_none_is_refused() =>
        Assert.NotEmpty(await Docker.RefusedAsync("load", "-i", Engine.NewFile("this is no archive")));
}
