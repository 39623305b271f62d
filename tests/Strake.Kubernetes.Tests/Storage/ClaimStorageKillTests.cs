using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using static Strake.Kubernetes.Tests.Storage.StorageFixture;

namespace Strake.Kubernetes.Tests.Storage;

/// <summary>The process dies at each write of making and of deleting; the next one goes on, or takes back.</summary>
public sealed class ClaimStorageKillTests
{
    const int MostCommits = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_while_it_is_made_it_is_made_once(bool applied) => await AtEachWriteAsync(applied, static fixture => fixture.Storage.MakeAsync(Plan(Claim()), Cancel));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_while_it_is_made_for_a_claim_that_goes_nothing_of_it_is_left(bool applied)
    {
        for (int last = 1; ; last++)
        {
            await using StorageFixture fixture = await OpenAsync();
            if (!await DiesAsync(fixture, last, applied, () => fixture.Storage.MakeAsync(Plan(Claim()), Cancel))) return;
            await fixture.Storage.DiscardAsync(Claim(), ProvisionedVolume.NameFor(Claim()), Cancel);
            Assert.Empty(await fixture.LeftoversAsync());
            Assert.True(last < MostCommits, "it never ends");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_while_it_is_deleted_it_is_deleted_by_the_next_call(bool applied)
    {
        for (int last = 1; ; last++)
        {
            await using StorageFixture fixture = await OpenAsync();
            PersistentVolume volume = VolumeOf(Plan(Claim()), await fixture.Storage.MakeAsync(Plan(Claim()), Cancel));
            if (!await DiesAsync(fixture, last, applied, () => fixture.Storage.DeleteAsync(volume, Cancel))) return;
            await fixture.Storage.DeleteAsync(volume, Cancel);
            Assert.Empty(await fixture.LeftoversAsync());
            Assert.True(last < MostCommits, "it never ends");
        }
    }

    static async Task AtEachWriteAsync(bool applied, Func<StorageFixture, Task> work)
    {
        for (int last = 1; ; last++)
        {
            await using StorageFixture fixture = await OpenAsync();
            if (!await DiesAsync(fixture, last, applied, () => work(fixture))) return;
            MadeStorage made = await fixture.Storage.MakeAsync(Plan(Claim()), Cancel);
            Assert.Equal([made.Handle], await fixture.NamesAsync());
            Assert.Equal("default.data", made.Handle);
            Assert.Equal(["claim/default/data"], (await fixture.Volumes.Uses.OfAsync(made.Handle, Cancel)).Select(static use => use.Attachment.Holder));
            Assert.True(last < MostCommits, "it never ends");
        }
    }

    // False: the work came to its end.
    static async Task<bool> DiesAsync(StorageFixture fixture, int last, bool applied, Func<Task> work)
    {
        var dying = new DyingStateStore(fixture.State, last, applied);
        await fixture.ReopenAsync(dying);
        try
        {
            await work();
        }
        catch (Exception) when (dying.Died)
        {
            await fixture.ReopenAsync();
            return true;
        }

        return false;
    }
}
