using Strake.Kubernetes.Decisions.Snapshots;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Snapshots;

public sealed class ClaimContentsTests
{
    static readonly Claim s_claim = Given.Claim("new") with { ClassName = "gold" };
    static readonly VolumeSnapshot s_snapshot = new() { Metadata = Given.Meta("s"), BoundContent = "c", IsReady = true, RestoreSize = Given.Size("1Gi") };
    static readonly SnapshotContent s_content = new() { Metadata = new Metadata { Name = "c" }, Driver = "strake.csi", Snapshot = new ClaimReference("default", "s", "uid-s"), Handle = "x" };
    static readonly ContentView s_restore = new(s_claim with { Source = new ClaimDataSource("snapshot.storage.k8s.io", "VolumeSnapshot", "", "s") }, "strake.csi")
    {
        Snapshot = s_snapshot, Content = s_content,
    };

    static readonly PersistentVolume s_volume = Given.Volume() with { Source = new VolumeSource("csi", "strake.csi", "h") };
    static readonly ContentView s_clone = new(s_claim with { Source = new ClaimDataSource("", "PersistentVolumeClaim", "", "claim") }, "strake.csi")
    {
        SourceClaim = Given.Claim().BoundTo(s_volume), SourceVolume = s_volume,
    };

    [Fact]
    public void A_claim_gets_what_it_names()
    {
        Assert.IsType<ClaimContent.Empty>(ClaimContents.Decide(new ContentView(s_claim, "strake.csi")));
        Assert.Equal(new ClaimContent.Snapshot("x"), ClaimContents.Decide(s_restore));
        Assert.Equal(new ClaimContent.Volume("h"), ClaimContents.Decide(s_clone));
        var image = new ClaimDataSource("strake.io", "ImageSource", "", "i");
        Assert.Equal(new ClaimContent.Populate(image), ClaimContents.Decide(new ContentView(s_claim with { Source = image }, "strake.csi")));
    }

    [Fact]
    public void What_cannot_be_had_is_told()
    {
        const string Restore = "failed to provision volume with StorageClass \"gold\": error getting handle for DataSource Type VolumeSnapshot by Name s: ";
        Assert.Equal(Restore + "error getting snapshot s from api server: volumesnapshots.snapshot.storage.k8s.io \"s\" not found", Told(s_restore with { Snapshot = null }));
        Assert.Equal(Restore + "snapshot s not bound", Told(s_restore with { Content = null }));
        Assert.Equal(Restore + "snapshot s is not Ready", Told(s_restore with { Snapshot = s_snapshot with { IsReady = false } }));
        Assert.Equal(Restore + "requested volume size 1073741824 is less than the size 2147483648 for the source snapshot s", Told(s_restore with { Snapshot = s_snapshot with { RestoreSize = Given.Size("2Gi") } }));
        Assert.Contains("does not match", Told(s_restore with { Driver = "other" }), StringComparison.Ordinal);
        const string Clone = "failed to provision volume with StorageClass \"gold\": error getting handle for DataSource Type PersistentVolumeClaim by Name claim: ";
        Assert.Equal(Clone + "the PVC DataSource must be in \"Bound\" state, but it is \"Pending\"", Told(s_clone with { SourceClaim = Given.Claim() }));
        Assert.Equal(Clone + "new PVC request must be greater than or equal in size to the specified PVC data source, requested 1Gi but source is 9Gi",
            Told(s_clone with { SourceVolume = s_volume with { Capacity = Given.Size("9Gi") } }));
        Assert.Contains("volume mode", Told(s_clone with { SourceClaim = s_clone.SourceClaim! with { VolumeMode = VolumeMode.Block } }), StringComparison.Ordinal);
        Assert.Contains("isn't allowed", Told(new ContentView(s_claim with { Source = new ClaimDataSource("", "PersistentVolumeClaim", "other", "claim") }, "strake.csi")), StringComparison.Ordinal);
    }

    static string Told(ContentView view) => Assert.IsType<ClaimContent.Refuse>(ClaimContents.Decide(view)).Event.Message;
}
