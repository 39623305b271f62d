using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>Input that would have the engine take memory without bound: refused before it does.</summary>
public sealed class MemoryTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const long Bound = 256L << 20;
    static readonly byte[] s_layer = new TarBytes().File("file", "content").Bytes();

    [Fact]
    public Task A_huge_pax_header() => RefusedAsync(
        new ImageArchive { Layers = [new TarBytes().Pax(("comment", new string('x', 64 << 20))).File("file", "content").Bytes()] }.Bytes());

    [Fact]
    public Task A_huge_long_name() => RefusedAsync(
        new ImageArchive { Layers = [new TarBytes().Entry("././@LongLink", 'L', new byte[64 << 20]).File("file", "content").Bytes()] }.Bytes());

    [Fact]
    public Task A_huge_manifest() => RefusedAsync(
        new ImageArchive { Layers = [s_layer], Manifest = "[" + new string(' ', 64 << 20) + "]" }.Bytes());

    [Fact]
    public Task A_huge_config() => RefusedAsync(
        new ImageArchive { Layers = [s_layer], Config = "{\"Labels\":{\"x\":\"" + new string('x', 64 << 20) + "\"}}" }.Bytes());

    [Fact]
    public Task A_manifest_that_swells_from_gzip() => RefusedAsync(
        Bomb.Gzip(new TarBytes().Entry("manifest.json", '0', [], claimedSize: 2L << 30).Bytes()[..512], (byte)' ', 2L << 30));

    [Fact]
    public Task A_manifest_of_a_million_layers() => RefusedAsync(
        new ImageArchive
        {
            Layers = [s_layer],
            Manifest = $$"""[{"Config":"x.json","RepoTags":null,"Layers":[{{string.Join(',', Enumerable.Repeat("\"layer0.tar\"", 1_000_000))}}]}]""",
        }.Bytes());

    [Fact]
    public async Task A_huge_request_body()
    {
        StrakeOnly("it reads the body whole");
        var reply = await Engine.Http.PostAsync("/containers/create", "{\"Image\":\"" + new string('x', 64 << 20) + "\"}");
        Assert.InRange(reply.Status, 400, 499);
        Assert.InRange(Engine.PeakMemory(), 0, Bound);
    }

    async Task RefusedAsync(byte[] archive)
    {
        StrakeOnly("it reads such documents whole");
        var path = Engine.NewPath();
        await File.WriteAllBytesAsync(path, archive, TestContext.Current.CancellationToken);
        var before = await EngineFootprint.OfAsync(Engine);
        Assert.NotEmpty(await Docker.RefusedAsync("load", "-i", path));
        Assert.Equal(before, await EngineFootprint.OfAsync(Engine));
        Assert.InRange(Engine.PeakMemory(), 0, Bound);
        File.Delete(path);
    }
}
