using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Images;

/// <summary>`docker images`, its filters and forms; `docker image inspect` and `history`.</summary>
public sealed class ListTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task An_image_is_listed_with_its_repository_tag_and_short_id()
    {
        var id = await Docker.ValueAsync("busybox", "{{.Id}}");
        Assert.Equal($"busybox latest {id[7..19]}", await Docker.OkAsync("images", "--format", "{{.Repository}} {{.Tag}} {{.ID}}", "busybox"));
        Assert.Equal(id, await Docker.OkAsync("images", "-q", "--no-trunc", "busybox"));
    }

    [Fact]
    public async Task The_filter_reference_takes_patterns()
    {
        await Docker.OkAsync("tag", "busybox", "listed/one:a");
        await Docker.OkAsync("tag", "busybox", "listed/two:b");
        Assert.Equal(["listed/one:a", "listed/two:b"], await ListAsync("reference=listed/*"));
        Assert.Equal(["listed/two:b"], await ListAsync("reference=listed/*:b"));
        Assert.Equal(["listed/one:a"], await ListAsync("reference=listed/one"));
        await Docker.OkAsync("rmi", "listed/one:a", "listed/two:b");
    }

    [Fact]
    public async Task The_filter_dangling_tells_untagged_images_from_tagged_ones()
    {
        var dangling = await CommitAsync("--change", "LABEL dangling=yes");
        Assert.Contains(dangling, await Docker.OkAsync("images", "-q", "--no-trunc", "--filter", "dangling=true"), StringComparison.Ordinal);
        Assert.DoesNotContain(dangling, await Docker.OkAsync("images", "-q", "--no-trunc", "--filter", "dangling=false"), StringComparison.Ordinal);
        Assert.Contains("<none>", await Docker.OkAsync("images", "--filter", "dangling=true"), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", dangling);
    }

    [Fact]
    public async Task The_filters_label_before_and_since_choose_images()
    {
        var id = await CommitAsync("--change", "LABEL color=blue", "--change", "LABEL shape=round");
        await Docker.OkAsync("tag", id, "labelled:one");
        Assert.Equal(["labelled:one"], await ListAsync("label=color=blue"));
        Assert.Equal(["labelled:one"], await ListAsync("label=shape"));
        Assert.Empty(await ListAsync("label=color=red"));
        Assert.Contains("busybox:latest", await ListAsync("before=labelled:one"));
        Assert.Contains("labelled:one", await ListAsync("since=busybox"));
        Assert.DoesNotContain("busybox:latest", await ListAsync("since=labelled:one"));
        await Docker.OkAsync("rmi", "labelled:one");
    }

    [Fact]
    public async Task An_unknown_filter_is_refused() =>
        Assert.Contains("invalid filter", await Docker.RefusedAsync("images", "--filter", "color=blue"), StringComparison.Ordinal);

    [Fact]
    public async Task Digests_of_a_loaded_image_are_shown_as_none() =>
        Assert.Contains("DIGEST", await Docker.OkAsync("images", "--digests"), StringComparison.Ordinal);

    [Fact]
    public async Task Inspect_shows_what_the_config_says()
    {
        var image = await Docker.InspectAsync("busybox", "image");
        Assert.Equal("busybox:latest", image["RepoTags"]![0]!.GetValue<string>());
        Assert.Equal("sh", image["Config"]!["Cmd"]![0]!.GetValue<string>());
        Assert.Equal("linux", image["Os"]!.GetValue<string>());
        Assert.Equal("2025-01-01T00:00:00Z", image["Created"]!.GetValue<string>());
        Assert.Equal("layers", image["RootFS"]!["Type"]!.GetValue<string>());
        Assert.Single(image["RootFS"]!["Layers"]!.AsArray());
        Assert.InRange(image["Size"]!.GetValue<long>(), 1_000_000, 4_000_000);
        Assert.NotNull(image["GraphDriver"]!["Name"]);
    }

    [Fact]
    public async Task History_tells_each_step_newest_first() =>
        Assert.Equal(["CMD [\"sh\"]", "busybox-static"], (await Docker.OkAsync("history", "--no-trunc", "--format", "{{.CreatedBy}}", "busybox")).Split('\n'));

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        Assert.Contains("No such image: missing:latest", await Docker.RefusedAsync("image", "inspect", "missing"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("missing", await Docker.RefusedAsync("history", "missing"), StringComparison.Ordinal);
        Assert.Equal(404, (await Engine.Http.GetAsync("/images/missing/json")).Status);
    }

    async Task<string[]> ListAsync(string filter) =>
        [.. (await Docker.RunAsync("images", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}")).Lines.Order(StringComparer.Ordinal)];

    async Task<string> CommitAsync(params string[] changes)
    {
        var container = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", container, "--network", "none", "busybox");
        return await Docker.OkAsync(["commit", .. changes, container]);
    }
}
