using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Access;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Access;

public sealed class AttachDecisionsTests
{
    static readonly PersistentVolume s_volume = Given.Volume() with { Source = new VolumeSource("csi", "strake.csi", "h1") };
    static readonly VolumeAttachment s_here = new() { Metadata = Given.Meta("csi-here", ""), VolumeName = "volume", NodeName = "node", IsAttached = true };
    static readonly VolumeAttachment s_there = s_here with { Metadata = Given.Meta("csi-there", ""), NodeName = "other" };
    static readonly AttachView s_wanted = new(s_volume, "node", []) { IsWanted = true };
    static readonly AttachView s_unwanted = new(s_volume, "node", []);

    static readonly (string Name, AttachView View, AttachDecision Expected)[] s_rows =
    [
        ("the driver does not attach", s_wanted with { NeedsAttach = false }, new AttachDecision.Ready()),
        ("wanted", s_wanted, new AttachDecision.Attach("csi-b6ff3a7b13d3c3ab4ac7bfb1d5e4e7c2", "external-attacher/strake-csi")),
        ("wanted and attached", s_wanted with { Attachments = [s_here] }, new AttachDecision.Ready()),
        ("wanted and under way", s_wanted with { Attachments = [s_here with { IsAttached = false }] }, new AttachDecision.Wait(null)),
        ("wanted and failing", s_wanted with { Attachments = [s_here with { IsAttached = false, AttachError = "no" }] },
            new AttachDecision.Wait(EventText.Warning("FailedAttachVolume", "AttachVolume.Attach failed for volume \"volume\" : no"))),
        ("wanted and elsewhere", s_wanted with { Attachments = [s_there] },
            new AttachDecision.Wait(EventText.Warning("FailedAttachVolume",
                "Multi-Attach error for volume \"volume\" Volume is already exclusively attached to one node and can't be attached to another"))),
        ("wanted on many nodes", s_wanted with { Volume = s_volume with { AccessModes = AccessModes.ReadWriteMany }, Attachments = [s_there, s_here] }, new AttachDecision.Ready()),
        ("wanted and on its way out", s_wanted with { Attachments = [Going(s_here)] }, new AttachDecision.Wait(null)),
        ("unwanted", s_unwanted, new AttachDecision.Ready()),
        ("unwanted and attached", s_unwanted with { Attachments = [s_here] }, new AttachDecision.Detach("csi-here")),
        ("unwanted and mounted still", s_unwanted with { Attachments = [s_here], IsMounted = true }, new AttachDecision.Ready()),
        ("unwanted and stuck", s_unwanted with { Attachments = [Going(s_here) with { DetachError = "busy" }] },
            new AttachDecision.Wait(EventText.Warning("FailedDetachVolume", "DetachVolume.Detach failed for volume \"volume\" : busy"))),
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_node_has_the_volumes_that_its_pods_want(string name)
    {
        (_, AttachView view, AttachDecision expected) = Assert.Single(s_rows, row => row.Name == name);
        AttachDecision decided = AttachDecisions.Decide(view);
        if (expected is AttachDecision.Attach attach) expected = attach with { Name = AttachDecisions.NameOf(view.Volume, view.Node) };
        Assert.Equal(expected, decided);
    }

    [Fact]
    public void The_name_is_a_hash_of_handle_driver_and_node() =>
        Assert.Equal("csi-230d98bd31ba", AttachDecisions.NameOf(s_volume, "node")[..16]);

    static VolumeAttachment Going(VolumeAttachment attachment) => attachment with { Metadata = attachment.Metadata with { DeletedAt = Given.Noon } };
}
