using Strake.Images;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    [Fact]
    public async Task The_check_finds_what_is_missing_and_what_is_too_much()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        var writable = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        await LayerStoreWorld.AssertSoundAsync(Store);

        var stray = LayerId.New();
        _world.Driver.Create(stray, []);
        File.WriteAllText(Path.Combine(_world.Splits, stray.ToString()), "x");
        File.WriteAllText(Path.Combine(_world.Spools, "layer-0123"), "x");
        File.Delete(Path.Combine(_world.Splits, writable.Parents[0].ToString()));
        _world.Driver.Remove(writable.Id);
        await _world.ReferAsync(ChainId.Of(chain, Base.DiffId), "image/2");

        var findings = await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop);
        Assert.Contains(findings, finding => Names(finding, stray, "no record"));
        Assert.Contains(findings, finding => Names(finding, stray, "split record"));
        Assert.Contains(findings, finding => finding.Contains("layer-0123", StringComparison.Ordinal));
        Assert.Contains(findings, finding => Names(finding, writable.Parents[0], "no split record"));
        Assert.Contains(findings, finding => Names(finding, writable.Id, "does not have it"));
        Assert.Contains(findings, finding => finding.Contains("image/2", StringComparison.Ordinal));
        Assert.Equal(6, findings.Count);
    }

    [Fact]
    public async Task The_check_finds_layers_that_nothing_needs()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        await _world.UnreferAsync(chain, "image/1");
        Assert.Contains(await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop), finding => finding.Contains("needed by nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tar_whose_file_was_changed_is_refused()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        File.WriteAllText(ContentOf(Path.Combine(_world.Driver.Content(_world.Driver.List()[0]).Directory, "a")), "9");
        Assert.Equal(ErrorKind.DataLoss, await KindOfAsync(() => TarAsync(Store, chain)));
    }

    [Fact]
    public async Task A_tar_whose_split_record_is_gone_is_refused()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        File.Delete(Directory.GetFiles(_world.Splits)[0]);
        Assert.Equal(ErrorKind.DataLoss, await KindOfAsync(() => TarAsync(Store, chain)));
    }

    static bool Names(string finding, LayerId id, string what) =>
        finding.Contains(id.ToString(), StringComparison.Ordinal) && finding.Contains(what, StringComparison.Ordinal);
}
