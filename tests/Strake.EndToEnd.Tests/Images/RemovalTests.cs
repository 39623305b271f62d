using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Images;

/// <summary>`docker tag`, `rmi` and `image prune`.</summary>
public sealed class RemovalTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Removing_one_of_two_tags_only_untags()
    {
        await Docker.OkAsync("tag", "busybox", "other:tag");
        Assert.Equal("Untagged: other:tag", await Docker.OkAsync("rmi", "other:tag"));
        await Docker.OkAsync("image", "inspect", "busybox");
    }

    [Fact]
    public async Task Removing_the_last_tag_removes_image_and_layers()
    {
        var (id, layer) = await FreshImageAsync("last:tag");
        var said = await Docker.OkAsync("rmi", "last:tag");
        Assert.Contains("Untagged: last:tag", said, StringComparison.Ordinal);
        Assert.Contains($"Deleted: {id}", said, StringComparison.Ordinal);
        Assert.NotEmpty(layer);
        await Docker.RefusedAsync("image", "inspect", id);
    }

    [Fact]
    public async Task A_prefix_of_the_id_names_an_image()
    {
        var (id, _) = await FreshImageAsync("prefixed:tag");
        Assert.Contains($"Deleted: {id}", await Docker.OkAsync("rmi", id[7..19]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_its_id_an_image_of_several_repositories_is_removed_by_force_only()
    {
        var (id, _) = await FreshImageAsync("several:one");
        await Docker.OkAsync("tag", "several:one", "another:two");
        Assert.Contains("must be forced", await Docker.RefusedAsync("rmi", id), StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.DeleteAsync($"/images/{id}")).Status);
        Assert.Contains($"Deleted: {id}", await Docker.OkAsync("rmi", "-f", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_in_use_is_not_removed()
    {
        await FreshImageAsync("used:tag");
        var container = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", container, "--network", "none", "used:tag");
        Assert.Contains("is using", await Docker.RefusedAsync("rmi", "used:tag"), StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.DeleteAsync("/images/used:tag")).Status);
        await Docker.OkAsync("rm", container);
        await Docker.OkAsync("rmi", "used:tag");
    }

    [Fact]
    public async Task By_force_an_image_of_a_stopped_container_loses_its_tag_and_one_of_a_running_container_does_too()
    {
        await FreshImageAsync("forced:tag");
        var container = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", container, "--network", "none", "forced:tag", "echo", "still here");
        await Docker.OkAsync("rmi", "-f", "forced:tag");
        Assert.Empty(await Docker.OkAsync("images", "-q", "forced:tag"));
        Assert.Equal("still here", await Docker.OkAsync("start", "-a", container));
    }

    [Fact]
    public async Task An_unknown_image_cannot_be_removed()
    {
        Assert.Contains("No such image: missing:latest", await Docker.RefusedAsync("rmi", "missing"), StringComparison.Ordinal);
        Assert.Equal(404, (await Engine.Http.DeleteAsync("/images/missing")).Status);
    }

    [Fact]
    public async Task Removing_several_goes_on_after_one_that_is_missing()
    {
        await FreshImageAsync("present:tag");
        var result = await Docker.RunAsync("rmi", "missing", "present:tag");
        Assert.Equal(1, result.Code);
        Assert.Contains("Untagged: present:tag", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPPER:case")]
    [InlineData("no tag")]
    [InlineData("a:b:c")]
    [InlineData("../escape")]
    public async Task An_invalid_name_is_no_tag(string name) =>
        Assert.Contains("invalid reference format", (await Docker.RunAsync("tag", "busybox", name)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_tag_moves_to_another_image_and_leaves_the_first_dangling()
    {
        var (first, _) = await FreshImageAsync("moving:tag");
        var (second, _) = await FreshImageAsync("moving:tag");
        Assert.NotEqual(first, second);
        Assert.Equal("[]", await Docker.ValueAsync(first, "{{.RepoTags}}"));
        await Docker.OkAsync("rmi", first, second);
    }

    [Fact]
    public async Task Prune_removes_dangling_images_and_with_all_every_unused_one()
    {
        await using var engine = await Engine.StartAsync();
        var docker = engine.Docker;
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var container = engine.NewContainer();
        await docker.OkAsync("create", "--name", container, "--network", "none", "busybox");
        var dangling = await docker.OkAsync("commit", container);
        var unused = await docker.OkAsync("commit", "-c", "LABEL unused=yes", container, "unused:tag");

        var said = await docker.OkAsync("image", "prune", "-f");
        Assert.Contains(dangling, said, StringComparison.Ordinal);
        Assert.Contains("Total reclaimed space", said, StringComparison.Ordinal);
        await docker.OkAsync("image", "inspect", "unused:tag", "busybox");

        Assert.Contains(unused, await docker.OkAsync("image", "prune", "-af"), StringComparison.Ordinal);
        await docker.RefusedAsync("image", "inspect", "unused:tag");
        await docker.OkAsync("image", "inspect", "busybox");
    }

    async Task<(string Id, string Layer)> FreshImageAsync(string tag)
    {
        var container = Engine.NewContainer();
        await Docker.OkAsync("run", "--name", container, "--network", "none", "busybox", "sh", "-c", $"echo {container} >/fresh");
        var id = await Docker.OkAsync("commit", container, tag);
        await Docker.OkAsync("rm", container);
        return (id, await Docker.ValueAsync(id, "{{index .RootFS.Layers 1}}"));
    }
}
